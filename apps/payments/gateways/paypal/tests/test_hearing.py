"""PayPal's webhooks: put to PayPal byte for byte, and only then a reason to ask."""

import json
from collections.abc import Callable

import pytest

from apps.core.money import Money
from apps.events import services as events
from apps.payments import services
from apps.payments.dtos import WantedRefund
from apps.payments.gateways.paypal import mappers, webhooks
from apps.payments.gateways.paypal.client import Access, Client
from apps.payments.gateways.paypal.models import PayPalRefund, client_of
from apps.payments.gateways.paypal.tests.telling import envelope_of, event, headers
from apps.payments.gateways.paypal.tests.test_contract import PayPalShop
from apps.payments.models import GatewayAccount
from apps.payments.refusals import AccessRefused, NoAnswer, Refused
from apps.payments.tests.contract import AT
from apps.payments.tests.factories import GatewayAccountFactory
from fakes.psp.control import Psp

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(fake_of: Callable[[str], Psp]) -> PayPalShop:
    shop = PayPalShop()
    shop.fake = fake_of("paypal")
    return shop


def sent(shop: PayPalShop) -> PayPalRefund:
    refund = shop.promised()
    shop.send(refund, AT)
    return PayPalRefund.objects.get(pk=refund.pk)


def status_of(refund: PayPalRefund) -> str:
    return PayPalRefund.objects.get(pk=refund.pk).status


class AcceptTest:
    def test_keeps_the_event_as_it_came_within_the_question(self) -> None:
        account = GatewayAccountFactory.create()
        body = event("re_1")

        delivery = webhooks.accept(str(account.pk), headers(body), body, AT)

        assert delivery is not None
        assert body in delivery.body
        asked = json.loads(delivery.body)
        assert asked["transmission_id"] == "t-1"
        assert (delivery.source, delivery.topic) == ("paypal", "PAYMENT.CAPTURE.REFUNDED")
        assert (delivery.merchant_id, delivery.environment) == (account.merchant_id, "test")

    @pytest.mark.parametrize(
        ("changed", "body"),
        [
            ({"cert_url": "https://paypal.com.evil.example/c"}, event("re_1")),
            ({"cert_url": "https://evilpaypal.com/c"}, event("re_1")),
            ({"cert_url": "http://api.paypal.com/c"}, event("re_1")),
            ({"cert_url": "https://[/c"}, event("re_1")),
            ({"transmission_sig": ""}, event("re_1")),
            ({"transmission_sig": "x" * 2_001}, event("re_1")),
            ({}, b"{"),
            ({}, b"[]"),
        ],
    )
    def test_refuses_what_cannot_be_paypals(self, changed: dict[str, str], body: bytes) -> None:
        account = GatewayAccountFactory.create()

        assert webhooks.accept(str(account.pk), headers(body, **changed), body, AT) is None

    def test_refuses_for_nobody(self) -> None:
        body = event("re_1")
        closed = GatewayAccountFactory.create(is_active=False)
        other = GatewayAccountFactory.create(gateway="mollie")

        for token in (str(closed.pk), str(other.pk), "nobody"):
            assert webhooks.accept(token, headers(body), body, AT) is None


class HearTest:
    def test_late_failure_through_the_inbox(self, shop: PayPalShop) -> None:
        refund = sent(shop)
        shop.fake.settle(shop.key, refund.provider_ref, "failed", "expired")
        body = event(refund.provider_ref)
        delivery = webhooks.accept(str(refund.gateway_account_id), headers(body), body, AT)
        assert delivery is not None
        receipts = [events.receive(delivery, AT) for _ in range(2)]

        assert events.process_one(receipts[0].id, AT)
        assert [receipt.is_new for receipt in receipts] == [True, False]
        assert status_of(refund) == "returned"

    def test_forged_is_dropped(self, shop: PayPalShop, caplog: pytest.LogCaptureFixture) -> None:
        refund = sent(shop)
        shop.fake.settle(shop.key, refund.provider_ref, "failed")
        forged = envelope_of(refund.gateway_account, refund.provider_ref, transmission_sig="0" * 64)
        services.hear_paypal(refund.gateway_account_id, forged, AT)

        assert status_of(refund) == "succeeded"
        assert "is not signed by PayPal" in caplog.text

    def test_body_is_not_believed(self, shop: PayPalShop) -> None:
        refund = sent(shop)
        shop.tell(refund)

        assert status_of(refund) == "succeeded"

    def test_of_an_unknown_refund_or_of_none_changes_nothing(self, shop: PayPalShop) -> None:
        refund = sent(shop)
        account: GatewayAccount = refund.gateway_account
        services.hear_paypal(account.pk, envelope_of(account, "re_unheard_of"), AT)
        body = event(refund.provider_ref, kind="capture")
        delivery = webhooks.accept(str(account.pk), headers(body), body, AT)
        assert delivery is not None
        services.hear_paypal(account.pk, delivery.body, AT)

        assert status_of(refund) == "succeeded"

    def test_through_another_account_it_is_none_of_ours(self, shop: PayPalShop) -> None:
        refund = sent(shop)
        shop.fake.settle(shop.key, refund.provider_ref, "failed")
        other = GatewayAccountFactory.create(
            merchant=refund.merchant, is_active=False, account_id="another"
        )
        envelope = envelope_of(refund.gateway_account, refund.provider_ref)
        services.hear_paypal(other.pk, envelope, AT)

        assert status_of(refund) == "succeeded"


class ClientTest:
    def test_used_up_capture_is_looked_at_before_it_counts_as_refused(
        self, shop: PayPalShop
    ) -> None:
        refund = sent(shop)
        client = client_of(refund.gateway_account)
        shop.fake.clock(46 * 86_400)
        again = client.refund(_wanted(refund, 10_000, refund.idempotency_key))

        assert again.id == refund.provider_ref
        assert shop.paid(refund) == 1
        with pytest.raises(Refused, match="REFUND_AMOUNT_EXCEEDED"):
            client.refund(_wanted(refund, 10_000, "refund:other:1"))

    def test_dropped_token_is_fetched_again(self, shop: PayPalShop) -> None:
        refund = sent(shop)
        shop.fake.mode("refuse", status=401, match={"method": "GET"})
        client = client_of(refund.gateway_account)

        assert client.refund_by_id(refund.provider_ref, "").id == refund.provider_ref

    def test_wrong_secret_is_refused(self, shop: PayPalShop) -> None:
        with pytest.raises(AccessRefused, match="invalid_client"):
            Client(Access(client_id="shop-2", secret="wrong"), is_live=False).check()


class MapperTest:
    @pytest.mark.parametrize(
        ("minor", "currency", "value"),
        [
            (1234, "EUR", "12.34"),
            (1234, "JPY", "1234"),
            (123400, "HUF", "1234"),
            (500, "TWD", "5"),
        ],
    )
    def test_amount_as_paypal_says_it(self, minor: int, currency: str, value: str) -> None:
        asked = mappers.asked(
            WantedRefund(source="c", amount=Money(minor, currency), reference="r")
        )

        assert asked["amount"] == {"value": value, "currency_code": currency}

    def test_part_of_a_forint_is_refused(self) -> None:
        with pytest.raises(Refused, match="amount_not_payable"):
            mappers.asked(WantedRefund(source="c", amount=Money(12345, "HUF"), reference="r"))

    @pytest.mark.parametrize("body", [None, [], {}, {"id": "1", "status": "COMPLETED"}])
    def test_what_is_no_refund_is_no_answer(self, body: object) -> None:
        with pytest.raises(NoAnswer):
            mappers.seen(body)

    def test_capture_without_an_order_cannot_be_looked_at(self) -> None:
        with pytest.raises(NoAnswer):
            mappers.order_of({"id": "c"})

    def test_only_refunds_of_the_capture_are_taken_from_its_order(self) -> None:
        money = {"value": "1.00", "currency_code": "EUR"}
        up = {"rel": "up", "href": "https://api-m.paypal.com/v2/payments/captures/other"}
        rows = [
            {"id": "1", "status": "COMPLETED", "amount": money},
            {"id": "2", "status": "COMPLETED", "amount": money, "links": [up]},
        ]
        order = {"purchase_units": [{"payments": {"refunds": rows}}, {}, {"payments": {}}]}

        assert [each.id for each in mappers.refunds_in(order, "mine")] == ["1"]

    @pytest.mark.parametrize(
        ("body", "code"),
        [
            ({"name": "X", "details": [{"issue": "ISSUE"}]}, "ISSUE"),
            ({"name": "RESOURCE_NOT_FOUND", "details": []}, "RESOURCE_NOT_FOUND"),
            ({"error": "invalid_client"}, "invalid_client"),
            ({}, ""),
        ],
    )
    def test_code_of_an_error(self, body: dict[str, object], code: str) -> None:
        assert mappers.code_of(body) == code


def _wanted(refund: PayPalRefund, minor: int, reference: str) -> WantedRefund:
    return WantedRefund(source=refund.paid_by, amount=Money(minor, "EUR"), reference=reference)
