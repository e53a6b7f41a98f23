"""Adyen's notifications are the only word on a refund: signed item by item."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from apps.core.money import Money
from apps.events import services as events
from apps.payments import services
from apps.payments.dtos import WantedRefund
from apps.payments.gateways.adyen import mappers, webhooks
from apps.payments.gateways.adyen.client import Access, Client
from apps.payments.gateways.adyen.models import AdyenRefund
from apps.payments.gateways.adyen.tests.telling import body_of, item_of, signed
from apps.payments.gateways.adyen.tests.test_contract import AdyenShop
from apps.payments.models import GatewayAccount
from apps.payments.refusals import NoAnswer, Refused
from apps.payments.tests.contract import AT, owed
from apps.payments.tests.factories import HMAC_KEY, AdyenRefundFactory, GatewayAccountFactory
from fakes.psp.control import Psp

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(fake_of: Callable[[str], Psp]) -> AdyenShop:
    shop = AdyenShop()
    shop.fake = fake_of("adyen")
    return shop


def sent(shop: AdyenShop) -> AdyenRefund:
    refund = shop.promised()
    shop.send(refund, AT)
    return read(refund)


def read(refund: Any) -> AdyenRefund:
    return AdyenRefund.objects.get(pk=refund.pk)


def hear(refund: AdyenRefund, *items: dict[str, Any]) -> None:
    services.hear_adyen(refund.gateway_account_id, body_of(*items), AT)


class SignatureTest:
    VECTOR = {
        "pspReference": "7914073381342284",
        "merchantAccountCode": "TestMerchant",
        "merchantReference": "TestPayment-1407325143704",
        "amount": {"value": 1130, "currency": "EUR"},
        "eventCode": "AUTHORISATION",
        "success": "true",
        "additionalData": {"hmacSignature": "coqCmt/IZ4E3CzPvMY8zTjQVL5hYJUiBRg8UU+iCWo0="},
    }

    def test_adyens_own_vector_holds(self) -> None:
        assert webhooks.signed(self.VECTOR, [HMAC_KEY])
        assert webhooks.signed(self.VECTOR, ["00" * 32, HMAC_KEY])

    @pytest.mark.parametrize(
        ("changed", "keys"),
        [
            ({}, []),
            ({}, ["no hex"]),
            ({}, [""]),
            ({}, ["00" * 32]),
            ({"success": "false"}, [HMAC_KEY]),
            ({"amount": {"value": 1131, "currency": "EUR"}}, [HMAC_KEY]),
            ({"amount": None}, [HMAC_KEY]),
            ({"additionalData": {}}, [HMAC_KEY]),
            ({"additionalData": None}, [HMAC_KEY]),
        ],
    )
    def test_refuses_what_does_not_hold(self, changed: dict[str, Any], keys: list[str]) -> None:
        assert not webhooks.signed({**self.VECTOR, **changed}, keys)


class AcceptTest:
    def accepts(self, account: GatewayAccount, body: bytes) -> bool:
        return webhooks.accept(str(account.pk), {}, body, AT) is not None

    def test_every_item_must_be_signed_and_of_this_account(self) -> None:
        refund = AdyenRefundFactory.create(provider_ref="psp-1")
        account = refund.gateway_account
        good = signed(item_of(refund))
        other = signed({**item_of(refund), "merchantAccountCode": "Other"})

        assert self.accepts(account, body_of(good, good))
        for body in (
            body_of(good, item_of(refund)),
            body_of(good, other),
            body_of(good, live="true"),
            body_of(),
            b"{",
            b"[]",
            b'{"live":"false","notificationItems":{}}',
            b'{"live":"false","notificationItems":[1]}',
            body_of(signed(item_of(refund), "00" * 32)),
        ):
            assert not self.accepts(account, body)

    def test_is_one_event_however_often_it_comes(self) -> None:
        refund = AdyenRefundFactory.create(provider_ref="psp-1")
        account = refund.gateway_account
        body = body_of(signed(item_of(refund)))
        delivery = webhooks.accept(str(account.pk), {}, body, AT)
        many = webhooks.accept(str(account.pk), {}, body_of(*[signed(item_of(refund))] * 9), AT)

        assert delivery is not None
        assert many is not None
        assert (delivery.event_id, delivery.topic) == ("REFUND:psp-1:true", "REFUND")
        assert len(many.event_id) == 64
        first, second = (events.receive(delivery, AT) for _ in range(2))
        assert (first.is_new, second.is_new) == (True, False)

    def test_refuses_for_nobody(self) -> None:
        refund = AdyenRefundFactory.create(provider_ref="psp-1")
        silent = GatewayAccountFactory.create(gateway="adyen", webhook_secrets=None)
        body = body_of(signed(item_of(refund)))

        assert not self.accepts(silent, body)
        assert webhooks.accept("nobody", {}, body, AT) is None


class HearTest:
    def test_received_is_under_way_until_a_notification_says_more(self, shop: AdyenShop) -> None:
        refund = sent(shop)
        under_way = (refund.status, refund.lease_until)
        hear(refund, signed(item_of(refund)))

        assert under_way == ("processing", None)
        assert read(refund).status == "succeeded"

    def test_refused_refund_leaves_the_debt(self, shop: AdyenShop) -> None:
        refund = sent(shop)
        hear(refund, signed(item_of(refund, success="false")))

        refund = read(refund)
        assert refund.status == "failed"
        assert refund.failure_code == "insufficient balance on payment"
        assert owed(refund) == "60.00"

    @pytest.mark.parametrize("code", ["REFUND_FAILED", "REFUNDED_REVERSED"])
    def test_success_is_taken_back(self, shop: AdyenShop, code: str) -> None:
        refund = sent(shop)
        hear(refund, signed(item_of(refund)), signed(item_of(refund, code)))

        assert read(refund).status == "returned"

    def test_about_something_else_changes_nothing(self, shop: AdyenShop) -> None:
        refund = sent(shop)
        strange = {**item_of(refund), "merchantReference": "order 7"}
        other_sum = {**item_of(refund), "amount": {"value": 5_999, "currency": "EUR"}}
        hear(refund, item_of(refund, "CAPTURE"), strange, item_of(refund, "REFUND_FAILED", "false"))
        hear(refund, other_sum)

        assert read(refund).status in ("processing", "unknown")
        assert owed(refund) == "0.00"

    def test_never_given_up_by_itself(self, shop: AdyenShop) -> None:
        shop.fake.mode("reset_before", times=None)
        refund = sent(shop)
        for days in range(1, 13, 2):
            services.resolve_payment(refund.pk, AT + timedelta(days=days))

        assert (read(refund).status, read(refund).attempts) == ("unknown", 7)

    def test_next_generation_cannot_look_and_sends(self, shop: AdyenShop) -> None:
        refund = sent(shop)
        shop.fake.settle(shop.key, refund.provider_ref, "failed")
        hear(refund, signed(item_of(refund, success="false")))
        services.retry_payment(refund.pk, AT)
        services.send_payment(refund.pk, AT)

        refund = read(refund)
        (effect,) = shop.fake.effects(refund.idempotency_key)
        assert (refund.status, refund.provider_ref) == ("processing", effect["id"])


class MapperTest:
    @pytest.mark.parametrize(
        ("minor", "currency", "value"),
        [
            (1234, "EUR", 1234),
            (1234, "JPY", 1234),
            (1234, "KWD", 1234),
            (1234, "CLP", 123400),
            (1234, "ISK", 123400),
            (123400, "IDR", 1234),
        ],
    )
    def test_amount_there_and_back(self, minor: int, currency: str, value: int) -> None:
        assert mappers.to_adyen(Money(minor, currency)) == value
        assert mappers.from_adyen(value, currency) == Money(minor, currency)

    def test_part_of_a_rupiah_is_refused(self) -> None:
        with pytest.raises(Refused, match="amount_not_payable"):
            mappers.to_adyen(Money(12345, "IDR"))

    @pytest.mark.parametrize("answer", [None, {}, {"status": "received"}])
    def test_what_is_no_receipt_is_no_answer(self, answer: object) -> None:
        wanted = WantedRefund(source="p", amount=Money(1, "EUR"), reference="r")
        with pytest.raises(NoAnswer):
            mappers.received(answer, wanted)

    def test_another_word_than_received_is_unknown(self) -> None:
        wanted = WantedRefund(source="p", amount=Money(1, "EUR"), reference="r")
        answer = {"status": "rejected", "pspReference": "1"}

        assert mappers.received(answer, wanted).outcome == "unknown"


class ClientTest:
    def test_reads_nothing_back(self, shop: AdyenShop) -> None:
        client = Client(Access(api_key="AQE-shop", merchant_account="ShopECOM"), is_live=False)

        assert client.check() == "ShopECOM"
        assert list(client.refunds_of("p")) == []
        with pytest.raises(NoAnswer):
            client.refund_by_id("r", "p")
