"""What orders tells of a shopper, and a decision on a real order."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Store
from apps.accounts.tests.factories import CustomerFactory, StoreFactory
from apps.core import clock
from apps.core.ids import uuid7
from apps.core.money import Money
from apps.orders.mixins import underwriting
from apps.orders.models import Order
from apps.orders.tests.factories import OrderFactory, ReturnFactory
from apps.underwriting.dtos import Contact, Goods, History, Reservation, UnderwriteRequest
from apps.underwriting.services import exposure

pytestmark = pytest.mark.django_db
AT = clock.now()
EVERYTHING = Money(10_000, "EUR")


@pytest.fixture
def store() -> Store:
    return StoreFactory.create(merchant__instant=True)


def order_of(store: Store, days: int = 10, **named: object) -> Order:
    return OrderFactory.create(store=store, placed_at=AT - timedelta(days=days), **named)


def asked(**named: object) -> UnderwriteRequest:
    fields = {"request_id": uuid7(), "value": EVERYTHING, "carrier": "post_office", **named}
    return UnderwriteRequest(**fields)  # type: ignore[arg-type]


def history(order: Order) -> History:
    return order.known_facts(asked(), AT).history


class KnownFactsTest:
    def test_of_the_order_itself(self, store: Store) -> None:
        order = order_of(
            store, lines=[{"category": "Shoes"}, {"category": "Clothing"}, {"category": ""}]
        )
        order.shipping_address["phone"] = "+34600000001"
        told = order.known_facts(asked(is_tracked=False), AT)

        assert (told.order_id, told.store_id, told.merchant_id) == (
            order.pk,
            store.pk,
            store.merchant_id,
        )
        assert (told.is_instant, told.merchant_cap) == (True, Money(1_000_000, "EUR"))
        assert told.goods == Goods(("Clothing", "Shoes"), "post_office", is_tracked=False)
        assert told.contact == Contact(
            email=order.email,
            phone="+34600000001",
            street="Calle Mayor 1",
            postcode="48001",
            country="ES",
        )

    def test_only_the_lines_that_come_back(self, store: Store) -> None:
        order = order_of(store, lines=[{"category": "Shoes"}, {"category": "Watches"}])
        shoes = order.lines.get(category="Shoes")

        assert order.known_facts(asked(lines=(shoes.pk,)), AT).goods.categories == ("Shoes",)

    def test_each_category_once_and_in_order(self, store: Store) -> None:
        named = ("Watches", "", "Shoes", "Watches")
        order = order_of(store, lines=[{"category": each} for each in named])

        assert order.known_facts(asked(), AT).goods.categories == ("Shoes", "Watches")

    def test_what_the_customer_adds(self, store: Store) -> None:
        customer = CustomerFactory.create(
            merchant=store.merchant, phone="+34600000002", email_verified_at=AT
        )
        contact = order_of(store, customer=customer, email="").known_facts(asked(), AT).contact

        assert (contact.email, contact.phone, contact.is_email_verified) == (
            customer.email,
            "+34600000002",
            True,
        )

    @pytest.mark.parametrize(
        ("enabled", "status", "expected"),
        [(True, "active", True), (False, "active", False), (True, "paused", False)],
    )
    def test_of_a_merchant_with_instant_refunds(
        self, store: Store, enabled: bool, status: str, expected: bool
    ) -> None:
        store.merchant.instant_enabled, store.merchant.status = enabled, status

        assert order_of(store).known_facts(asked(), AT).is_instant is expected

    def test_other_orders_but_no_cancelled_nor_foreign_ones(self, store: Store) -> None:
        order = order_of(store)
        order_of(store, 40, customer=order.customer)
        order_of(store, 20, customer=order.customer)
        order_of(store, 90, customer=order.customer, cancelled=True)
        order_of(store, 80)

        assert history(order) == History(orders=2, first_order_at=AT - timedelta(days=40))

    def test_returns_by_age_and_state(self, store: Store) -> None:
        order = order_of(store)
        for hours, named in (
            (1, {}),
            (23, {"shipped": True}),
            (24, {"accepted": True}),
            (24 * 29, {"status": "rejected"}),
            (24 * 30, {"received": True}),
            (2, {"status": "cancelled"}),
        ):
            other = order_of(store, customer=order.customer)
            ReturnFactory.create(order=other, requested_at=AT - timedelta(hours=hours), **named)
        ReturnFactory.create(order=order_of(store))

        told = history(order)
        assert (told.returns, told.open_returns) == (5, 1)
        assert (told.returns_today, told.returns_this_month) == (2, 4)

    def test_units_that_were_missing_or_rejected(self, store: Store) -> None:
        order = order_of(store)
        other = order_of(store, customer=order.customer, lines=[{"quantity": 9}])
        line = other.lines.get()
        ReturnFactory.create(
            order=other,
            lines=[
                {"line_item": line, "quantity": 2, "reception": "missing", "decision": "rejected"},
                {"line_item": line, "quantity": 3, "reception": "received", "decision": "rejected"},
                {"line_item": line, "quantity": 4, "reception": "received", "decision": "accepted"},
            ],
        )

        told = history(order)
        assert (told.units_missing, told.units_rejected) == (2, 3)

    def test_nobody_knows_whose_it_is(self, store: Store) -> None:
        order = order_of(store, customer=None, email="")

        assert history(order) == History()
        assert order.known_facts(asked(), AT).contact.email == ""

    def test_counts_end_somewhere(self, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(underwriting, "MOST", 2)
        order = order_of(store)
        for days in (50, 40, 30):
            other = order_of(store, days, customer=order.customer)
            ReturnFactory.create(order=other, requested_at=AT - timedelta(days=days))

        told = history(order)
        assert (told.orders, told.returns) == (2, 2)
        assert told.first_order_at == AT - timedelta(days=50)
        assert told.returns_this_month == 0


class UnderwriteTest:
    def test_a_decision_on_a_real_order(self, store: Store) -> None:
        """15 for a value above 50, 15 for the first order, 5 for a mailbox that was never proved:
        half of it now."""
        order = order_of(store)
        assessment = order.underwrite(asked(), AT)

        assert [each["code"] for each in assessment.reasons] == [
            "value_step",
            "first_order",
            "email_unverified",
        ]
        assert (assessment.score, assessment.rung) == (35, "pay_now")
        assert assessment.limit_now == Money(5_000, "EUR")
        assert assessment.limit_at_scan == EVERYTHING
        hold = exposure.reserve(assessment, Reservation(uuid7(), assessment.limit_now), AT)
        assert (hold.open, hold.merchant) == (Money(5_000, "EUR"), store.merchant)

    def test_the_number_of_queries_is_constant(self, store: Store) -> None:
        order = order_of(store)
        counts = []
        for _ in range(2):
            fresh = Order.objects.get(pk=order.pk)
            with CaptureQueriesContext(connection) as captured:
                fresh.underwrite(asked(), AT)
            counts.append(len(captured))
            for _ in range(3):
                ReturnFactory.create(order=order_of(store, customer=order.customer))

        # The second time the identities are known, which saves the two that add them.
        assert counts == [18, 16]
