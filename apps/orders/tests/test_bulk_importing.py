from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, models
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Customer, Store
from apps.accounts.tests.factories import StoreFactory
from apps.core.money import Money
from apps.events.models import Event
from apps.integrations.dtos import (
    BasketDiscount,
    CustomerSnapshot,
    LineSnapshot,
    OrderSnapshot,
    ShippingSnapshot,
    TaxSnapshot,
    TenderSnapshot,
)
from apps.orders.models import LineItem, Order, OrderTender
from apps.orders.services import bulk_importing, import_order, import_orders
from apps.orders.services.importing import Result, WrongCurrency

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 8, 5, tzinfo=UTC)
# What two rows of the same facts may differ in.
OWN = {"id", "order_id", "subject_id", "customer_id", "created_at", "updated_at", "at"}
OWN |= {"available_at", "announced_at", "merchant_id", "store_id"}


def euros(amount: str) -> Money:
    return Money.of(amount, "EUR")


def order(external_id: str, **named: Any) -> OrderSnapshot:
    lines = tuple(
        LineSnapshot(
            external_id=name,
            title="Mug",
            quantity=2,
            unit_price=euros("10"),
            total=euros("20"),
            tax=euros("3.47"),
            taxes=(TaxSnapshot("IVA", "0.21", euros("3.47")),),
            refunded=euros("5") if name == "2" else None,
        )
        for name in ("1", "2")
    )
    given = {
        "number": f"#{external_id}",
        "currency": "EUR",
        "placed_at": AT,
        "tax_included": True,
        "total": euros("45"),
        "lines": lines,
        "shipping": (ShippingSnapshot("Post", euros("5"), euros("0.87")),),
        "discounts": (BasketDiscount("d", "3 for 2", "threshold", ("1",), euros("30")),),
        "customer": CustomerSnapshot(f"{external_id}@Example.com", "Ana", "", "", "es"),
        "tags": ("spring",),
    }
    return OrderSnapshot(external_id, **{**given, **named})


@pytest.fixture
def store() -> Store:
    return StoreFactory.create(currency="EUR")


def facts(model: type[models.Model], **chosen: Any) -> list[dict[str, Any]]:
    rows = model._default_manager.filter(**chosen).order_by("pk").values()
    return [{name: each for name, each in row.items() if name not in OWN} for row in rows]


class ImportOrdersTest:
    def test_writes_what_import_order_writes(self, store: Store) -> None:
        paid = (TenderSnapshot("p", "card", euros("45"), euros("5"), "stripe"),)
        told = [order("A"), order("B", tenders=paid), order("C", customer=CustomerSnapshot())]
        other = StoreFactory.create(currency="EUR")
        for each in told:
            import_order(other, each)

        assert import_orders(store, told) == [Result.CREATED] * 3
        for model in (Order, LineItem, OrderTender, Event):
            mine, theirs = (facts(model, merchant_id=each.merchant_id) for each in (store, other))
            if model is Event:
                mine, theirs = (
                    [row for row in rows if row["kind"] == "order.imported"]
                    for rows in (mine, theirs)
                )
            if model is Order:
                # A discount names its lines by their ids.
                mine, theirs = (
                    [{**row, "discounts": len(row["discounts"])} for row in rows]
                    for rows in (mine, theirs)
                )
            assert mine == theirs
            assert len(mine) >= 3
        emails = Customer.objects.for_merchant(store.merchant).values_list("email", flat=True)
        assert sorted(emails) == ["a@example.com", "b@example.com"]

    def test_a_discount_names_the_lines_of_its_order(self, store: Store) -> None:
        import_orders(store, [order("A")])
        made = Order.objects.get()

        assert made.discounts[0]["lines"] == [str(made.lines.get(external_id="1").pk)]

    def test_each_at_its_place(self, store: Store) -> None:
        later = AT + timedelta(hours=1)
        import_orders(store, [order("A"), order("B", platform_updated_at=later)])
        dollars = order("X", currency="USD")
        outcomes = import_orders(
            store,
            [
                order("A"),
                order("C"),
                order("B", number="#9", platform_updated_at=AT),
                dollars,
                order("A", number="#7"),
                order("C", number="#8"),
                order("D"),
            ],
        )

        assert isinstance(outcomes.pop(3), WrongCurrency)
        assert outcomes == ["unchanged", "created", "stale", "updated", "updated", "created"]
        assert set(Order.objects.values_list("number", flat=True)) == {"#7", "#B", "#8", "#D"}

    def test_an_order_made_meanwhile_is_compared(
        self, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def meanwhile(*args: object) -> None:
            raise IntegrityError

        monkeypatch.setattr(bulk_importing, "insert", meanwhile)

        assert import_orders(store, [order("A"), order("B")]) == ["created", "created"]
        assert (Order.objects.count(), LineItem.objects.count()) == (2, 4)

    def test_nothing_told(self, store: Store) -> None:
        assert import_orders(store, []) == []

    def test_as_many_queries_for_thirty_as_for_three(self, store: Store) -> None:
        counts = []
        for count in (3, 30):
            with CaptureQueriesContext(connection) as captured:
                import_orders(store, [order(f"{count}-{each}") for each in range(count)])
            counts.append(len(captured))

        assert counts[0] == counts[1] <= 12


class CustomersOfABatchTest:
    def test_one_shopper_of_two_orders(self, store: Store) -> None:
        ana = CustomerSnapshot("ana@example.com", "Ana", "", "c1", "es")
        import_orders(
            store, [order("A", customer=ana), order("B", customer=replace(ana, phone="6"))]
        )
        customer = Customer.objects.get()

        assert (customer.name, customer.phone) == ("Ana", "6")
        assert set(Order.objects.values_list("customer_id", flat=True)) == {customer.pk}

    def test_who_is_known_learns(self, store: Store) -> None:
        import_orders(store, [order("A", customer=CustomerSnapshot("ana@example.com"))])
        told = CustomerSnapshot("Ana@example.com", "Ana")
        import_orders(store, [order("B", customer=told), order("C", customer=told)])

        assert Customer.objects.get().name == "Ana"

    def test_a_shopper_without_address_is_met_by_name(self, store: Store) -> None:
        import_orders(store, [order("A", customer=CustomerSnapshot(external_id="c1"))])
        told = CustomerSnapshot("ana@example.com", external_id="c1")
        import_orders(store, [order("B", customer=told)])

        assert Customer.objects.get().email == "ana@example.com"
