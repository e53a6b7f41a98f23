"""An instant return as the portal, the carrier, the store and the books see it, played through.

Lines of 40.00 and 30.00, sent back by a shop that takes 4.95: 65.05 goes out before the goods are
seen. One unit is accepted and one is missing: 30.00 is owed.
"""

from typing import Any

import pytest
from rest_framework.test import APIClient

from apps.api.models import PortalSession
from apps.api.returns.tests.conftest import path_of
from apps.api.returns.tests.test_opening import open_return
from apps.api.returns.tests.test_quotes import ask, euros, unit
from apps.api.tests.factories import PortalSessionFactory
from apps.billing.models import Fee
from apps.billing.tests.factories import SubscriptionFactory
from apps.core import clock, findings
from apps.deliveries.dtos import TrackingUpdate
from apps.deliveries.models import Shipment
from apps.deliveries.tests.factories import ReturnMethodFactory
from apps.orders.models import Order, Return
from apps.orders.modules.advances.consent import VERSION
from apps.orders.tests.instant import decided, instant_order, shortfalls, steps
from apps.payments import services as payments
from apps.payments.gateways.store_credit.models import StoreCreditAccount
from apps.payments.models import LedgerAccount, Payment
from apps.payments.services.payouts import BatchRequest
from apps.payments.tests.factories import IBAN
from apps.users.tests.factories import UserFactory

pytestmark = pytest.mark.django_db
TRANSFER = {"refund_method": "bank_transfer", "iban": IBAN, "holder": "Ana López"}


@pytest.fixture
def order() -> Order:
    order = instant_order()
    PortalSessionFactory.create(order=order, proved=True)
    ReturnMethodFactory.create(
        store=order.store, code="shop", merchant_label=True, price__price_minor=495
    )
    return order


def quote_of(client: APIClient, order: Order, **body: Any) -> dict[str, Any]:
    units = [unit(line) for line in order.lines.all()]
    response = ask(client, order, *units, method="shop", **body)
    assert response.status_code == 201, response.content
    shown: dict[str, Any] = response.json()
    return shown


def offers_of(quote: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {option["method"]: option["instant"] for option in quote["options"]}


def take(client: APIClient, order: Order, **body: Any) -> Any:
    quote = quote_of(client, order)
    return open_return(client, order, quote["id"], instant=True, consent_version=VERSION, **body)


def books(order: Order) -> dict[str, str]:
    rows = LedgerAccount.objects.for_merchant(order.merchant).exclude(balance_minor=0)
    assert sum(row.balance_minor for row in rows) == 0
    return {row.kind: f"{row.balance.amount:f}" for row in rows.order_by("kind")}


def scanned(ret: Return, kind: str) -> None:
    Shipment.objects.get(ret=ret).track(TrackingUpdate(external_id=kind, kind=kind, at=clock.now()))


class OfferTest:
    def test_the_quote_says_what_when_and_to_which_words(
        self, order: Order, shopper: APIClient
    ) -> None:
        steps(("pay_now", 50))
        offer = offers_of(quote_of(shopper, order))["store_credit"]

        assert offer["is_offered"]
        assert offer["text"] == "At once, before you send anything."
        assert [(each["time_to_money"]["code"], each["amount"]) for each in offer["parts"]] == [
            ("pay_now", euros("32.53")),
            ("pay_at_scan", euros("32.52")),
        ]
        assert offer["parts"][1]["time_to_money"]["text"] == (
            "As soon as the carrier scans your parcel. You can use the credit within minutes."
        )
        assert offer["consent"]["cap"] == euros("65.05")
        assert offer["consent"]["text"].startswith("You get 65.05 EUR before")

    def test_where_it_is_not_offered_it_says_why(self, order: Order, shopper: APIClient) -> None:
        order.store.preferences.auto_approve = False
        order.store.preferences.save()
        offer = offers_of(quote_of(shopper, order, language="de"))["original"]

        assert (offer["is_offered"], offer["reason"]) == (False, "held_for_approval")
        assert offer["text"] == "Der Shop prüft diese Anfrage zuerst."
        assert (offer["parts"], offer["consent"]) == ([], None)

    def test_a_store_without_it_says_nothing(self, order: Order, shopper: APIClient) -> None:
        order.store.merchant.instant_enabled = False
        order.store.merchant.save()

        assert set(offers_of(quote_of(shopper, order)).values()) == {None}

    def test_refused_the_same_quote_opens_a_standard_return(
        self, order: Order, shopper: APIClient
    ) -> None:
        steps(("pay_now", 100))
        quote = quote_of(shopper, order)
        order.store.merchant.exposure_cap_minor = 6_000
        order.store.merchant.save()
        named: dict[str, Any] = {"instant": True, "consent_version": VERSION}
        refused = open_return(shopper, order, quote["id"], **named, **TRANSFER)
        assert (refused.status_code, refused.json()["code"]) == (409, "advance_above_limit")

        opened = open_return(shopper, order, quote["id"], key="k2", **TRANSFER)
        assert (opened.status_code, opened.json()["mode"]) == (201, "standard")
        assert opened.json()["advance"] is None

    def test_words_of_another_version_are_refused(self, order: Order, shopper: APIClient) -> None:
        steps(("pay_now", 100))
        quote = quote_of(shopper, order)
        named: dict[str, Any] = {"instant": True, "consent_version": "2020-01"}

        assert open_return(shopper, order, quote["id"], **named).json()["code"] == (
            "consent_required"
        )


@pytest.mark.enable_signals
class StoryTest:
    def test_by_bank_transfer(
        self, order: Order, shopper: APIClient, django_capture_on_commit_callbacks: Any
    ) -> None:
        steps(("pay_now", 100))
        SubscriptionFactory.create(merchant=order.merchant)
        with django_capture_on_commit_callbacks(execute=True):
            response = take(shopper, order, **TRANSFER)
        ret = Return.objects.get()
        assert (response.status_code, ret.mode) == (201, "instant")
        assert books(order) == {"advances": "65.05", "advances_payable": "-65.05"}

        transferred(order)
        assert books(order) == {"advances": "65.05", "platform_bank": "-65.05"}

        with django_capture_on_commit_callbacks(execute=True):
            scanned(ret, "in_transit")
            scanned(ret, "delivered")
        with django_capture_on_commit_callbacks(execute=True):
            decided(ret, "accepted", "missing")

        assert shortfalls(ret) == [("missing", "30.00")]
        assert books(order) == {
            "disbursements": "35.05",
            "platform_bank": "-65.05",
            "shopper_receivable": "30.00",
        }
        fees = Fee.objects.filter(merchant=order.merchant)
        assert fees.get(kind="disbursement").amount.as_json() == euros("35.05")
        assert fees.filter(kind="instant").count() == 1
        assert findings.find(clock.now(), order.merchant_id) == []

        shown = shopper.get(path_of(PortalSession.objects.get(), f"returns/{ret.number}")).json()
        assert shown["advance"]["owed"] == euros("30.00")
        assert shown["advance"]["text"] == "Some goods were not accepted: you owe 30.00 EUR."
        assert not shown["can_cancel"]

    def test_by_store_credit_half_of_it_at_the_scan(
        self, order: Order, shopper: APIClient, django_capture_on_commit_callbacks: Any
    ) -> None:
        steps(("pay_now", 50))
        with django_capture_on_commit_callbacks(execute=True):
            take(shopper, order, refund_method="store_credit")
        ret = Return.objects.get()
        sent(ret)
        credit = StoreCreditAccount.objects.get(ret=ret)
        assert credit.balance.as_json() == euros("32.53")

        with django_capture_on_commit_callbacks(execute=True):
            scanned(ret, "in_transit")
        sent(ret)
        credit.refresh_from_db()
        assert credit.balance.as_json() == euros("65.05")
        credit.spend(credit.balance, "order-9", clock.now())
        with django_capture_on_commit_callbacks(execute=True):
            scanned(ret, "delivered")
            ret.refresh_from_db()
            decided(ret, "accepted", "missing")

        assert shortfalls(ret) == [("missing", "30.00")]
        assert books(order) == {
            "credit_redeemed": "-65.05",
            "fees_withheld": "-4.95",
            "merchant_payable": "-30.00",
            "refunds_granted": "70.00",
            "shopper_receivable": "30.00",
        }
        assert findings.find(clock.now(), order.merchant_id) == []

    def test_unused_credit_can_be_given_up_by_the_shopper(
        self, order: Order, shopper: APIClient, django_capture_on_commit_callbacks: Any
    ) -> None:
        steps(("pay_now", 100))
        with django_capture_on_commit_callbacks(execute=True):
            take(shopper, order, refund_method="store_credit")
        ret = Return.objects.get()
        sent(ret)
        path = path_of(PortalSession.objects.get(), f"returns/{ret.number}")
        assert shopper.get(path).json()["can_cancel"]
        with django_capture_on_commit_callbacks(execute=True):
            response = shopper.post(f"{path}/cancel", {})

        assert (response.status_code, response.json()["status"]) == (200, "cancelled")
        assert StoreCreditAccount.objects.get().balance.as_json() == euros("0.00")
        assert findings.find(clock.now(), order.merchant_id) == []


def transferred(order: Order) -> None:
    """A batch of the platform's staff, executed by its bank."""
    staff, at = UserFactory.create(staff=True, is_superuser=True), clock.now()
    batch = payments.open_batch(BatchRequest(order.merchant, staff, of_platform=True), at)
    payments.approve_batch(batch, staff, at)
    payments.export_batch(batch, at)
    payments.settle_batch(batch, at)


def sent(ret: Return) -> None:
    """A worker takes what was promised."""
    for payment in Payment.objects.filter(ret=ret, status="pending"):
        payments.send_payment(payment.pk, clock.now())
