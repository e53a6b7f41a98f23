"""Mollie's webhooks name something to read; what they say is never believed."""

import hashlib
import hmac
from collections.abc import Callable
from datetime import timedelta

import pytest

from apps.core.money import Money
from apps.events import services as events
from apps.payments import services
from apps.payments.dtos import WantedRefund
from apps.payments.gateways.mollie import mappers, webhooks
from apps.payments.gateways.mollie.models import MollieRefund, client_of
from apps.payments.gateways.mollie.tests.test_contract import MollieShop
from apps.payments.models import Payment
from apps.payments.refusals import NoAnswer, Refused
from apps.payments.tests.contract import AT
from apps.payments.tests.factories import HMAC_KEY, GatewayAccountFactory
from fakes.psp.control import Psp

pytestmark = pytest.mark.django_db
EVENT = b'{"resource":"event","type":"refund.failed","entityId":"%s"}'


@pytest.fixture
def shop(fake_of: Callable[[str], Psp]) -> MollieShop:
    shop = MollieShop()
    shop.fake = fake_of("mollie")
    return shop


def sent(shop: MollieShop) -> MollieRefund:
    refund = shop.promised()
    shop.send(refund, AT)
    return read(refund)


def read(refund: Payment) -> MollieRefund:
    return MollieRefund.objects.get(pk=refund.pk)


def sign(body: bytes, key: str = HMAC_KEY) -> str:
    return f"sha256={hmac.new(key.encode(), body, hashlib.sha256).hexdigest()}"


class AcceptTest:
    def accepts(self, body: bytes, signature: str = "") -> bool:
        account = GatewayAccountFactory.create(gateway="mollie")
        headers = {"x-mollie-signature": signature} if signature else {}
        return webhooks.accept(str(account.pk), headers, body, AT) is not None

    def test_classic_one_is_a_hint_without_a_signature(self) -> None:
        assert self.accepts(b"id=tr_7UhSN1zuXS")
        assert not self.accepts(b"id=tr_7UhSN1zuXS", sign(b"id=tr_other"))

    def test_new_one_must_be_signed(self) -> None:
        body = EVENT % b"re_4qqhO89gsT"

        assert self.accepts(body, sign(body))
        assert self.accepts(body, f"{sign(body, 'old')},{sign(body)}")
        assert not self.accepts(body)
        assert not self.accepts(body, sign(body, "other"))
        assert not self.accepts(body, "sha256=\u00e9")

    @pytest.mark.parametrize(
        "body", [b"", b"id=", b"id=../x", b"id=ord_1", b"id=tr_\xff", b"{", b"[]", b"{}", b"x=1"]
    )
    def test_refuses_what_names_nothing(self, body: bytes) -> None:
        assert not self.accepts(body, sign(body))

    def test_refuses_for_nobody(self) -> None:
        assert webhooks.accept("nobody", {}, b"id=tr_1", AT) is None

    def test_equal_bodies_are_two_events(self) -> None:
        account = GatewayAccountFactory.create(gateway="mollie")
        delivery = webhooks.accept(str(account.pk), {}, b"id=tr_1", AT)
        assert delivery is not None

        assert [events.receive(delivery, AT).is_new for _ in range(2)] == [True, True]


class HearTest:
    def test_pending_ends_by_what_is_read(self, shop: MollieShop) -> None:
        shop.fake.mode("pending")
        refund = sent(shop)
        under_way = refund.status
        shop.settled(refund, "succeeded")

        assert (under_way, read(refund).status) == ("processing", "succeeded")

    def test_new_webhook_names_the_refund(self, shop: MollieShop) -> None:
        refund = sent(shop)
        shop.fake.settle(shop.key, refund.provider_ref, "failed")
        body = EVENT % refund.provider_ref.encode()
        services.hear_mollie(refund.gateway_account_id, body, AT)

        assert read(refund).status == "returned"

    def test_of_nothing_that_we_know_changes_nothing(self, shop: MollieShop) -> None:
        refund = sent(shop)
        services.hear_mollie(refund.gateway_account_id, EVENT % b"re_unheard", AT)
        services.hear_mollie(refund.gateway_account_id, b"id=tr_unheard", AT)

        assert read(refund).status == "succeeded"

    def test_through_the_inbox(self, shop: MollieShop) -> None:
        refund = sent(shop)
        shop.fake.settle(shop.key, refund.provider_ref, "failed")
        body = f"id={refund.paid_by}".encode()
        delivery = webhooks.accept(str(refund.gateway_account_id), {}, body, AT)
        assert delivery is not None

        assert events.process_one(events.receive(delivery, AT).id, AT)
        assert read(refund).status == "returned"


class KeyLifeTest:
    def test_after_an_hour_it_is_only_looked_for(self, shop: MollieShop) -> None:
        shop.fake.mode("reset_before")
        refund = sent(shop)
        for hours in (1, 3, 5, 7):
            services.resolve_payment(refund.pk, AT + timedelta(hours=hours))

        refund = read(refund)
        assert (refund.status, refund.failure_code) == ("failed", "never_arrived")
        assert shop.paid(refund) == 0

    def test_what_was_made_is_found_after_an_hour(self, shop: MollieShop) -> None:
        shop.fake.mode("reset_after")
        refund = sent(shop)
        services.resolve_payment(refund.pk, AT + timedelta(hours=2))

        assert (read(refund).status, shop.paid(refund)) == ("succeeded", 1)

    def test_next_generation_finds_the_one_before(self, shop: MollieShop) -> None:
        shop.fake.mode("reset_after")
        shop.fake.mode("lookup_empty", times=4)
        refund = sent(shop)
        for hours in (1, 3, 5, 7):
            services.resolve_payment(refund.pk, AT + timedelta(hours=hours))
        given_up = read(refund).status
        services.retry_payment(refund.pk, AT)
        services.send_payment(refund.pk, AT)

        assert (given_up, read(refund).status) == ("failed", "succeeded")
        assert shop.paid(refund) == 1


class ClientTest:
    def test_of_an_unknown_payment_is_refused(self, shop: MollieShop) -> None:
        client = client_of(sent(shop).gateway_account)
        with pytest.raises(Refused):
            list(client.refunds_of("tr_unheard"))

    def test_follows_the_pages(self) -> None:
        following = {"href": "https://api.mollie.com/v2/payments/tr_1/refunds?from=re_2&limit=1"}
        listed = {"_embedded": {"refunds": [1]}, "_links": {"next": following}}

        assert mappers.page(listed, "refunds") == ([1], "re_2")
        assert mappers.page({"_embedded": {"refunds": []}}, "refunds") == ([], "")

    @pytest.mark.parametrize("body", [None, {}, [], {"_embedded": None}])
    def test_what_is_no_page_or_refund_is_no_answer(self, body: object) -> None:
        with pytest.raises(NoAnswer):
            mappers.page(body, "refunds")
        with pytest.raises(NoAnswer):
            mappers.seen(body, "tr_1")

    def test_yen_have_no_decimals(self) -> None:
        wanted = WantedRefund(source="tr_1", amount=Money(1234, "JPY"), reference="r")

        assert mappers.asked(wanted)["amount"] == {"currency": "JPY", "value": "1234"}
