"""The factories promise sums that add up; every other test leans on it."""

import pytest
from django.db import DatabaseError, transaction
from pytest_django import DjangoAssertNumQueries

from apps.accounts.tests.factories import StoreFactory
from apps.core.money import Money
from apps.orders.calculator.breakdown import Breakdown
from apps.orders.models import LineItem, Return
from apps.orders.tests.factories import (
    ExchangeLineItemFactory,
    ImportJobFactory,
    LineItemFactory,
    OrderFactory,
    OrderTenderFactory,
    PolicyRuleFactory,
    QuoteFactory,
    ReturnFactory,
    ReturnLineItemFactory,
    ReturnReasonFactory,
    StockReservationFactory,
)


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


@pytest.mark.django_db
class OrderFactoryTest:
    def test_a_plain_order_adds_up(self) -> None:
        order = OrderFactory.create()
        order.refresh_from_db()
        assert (order.total, order.captured) == (eur(10_000), eur(10_000))
        assert [line.paid for line in order.lines.all()] == [eur(5000), eur(5000)]
        assert [tender.captured for tender in order.tenders.all()] == [eur(10_000)]
        assert order.merchant == order.store.merchant == order.lines.get(sku="TS-1").merchant

    def test_all_its_rows_are_one_round_trip(
        self, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        with django_assert_num_queries(1):
            order = OrderFactory.create()
        assert LineItem.objects.for_merchant(order.merchant).count() == 2

    def test_a_refused_row_is_told_by_the_factory_and_waits_no_longer(self) -> None:
        order = OrderFactory.create()
        with pytest.raises(DatabaseError, match="duplicate key"), transaction.atomic():
            OrderFactory.create(store=order.store, external_id=order.external_id)
        other = StoreFactory.create(merchant=order.merchant)
        assert [row.pk for row in other.orders.all()] == []
        assert [row.pk for row in order.store.orders.all()] == [order.pk]

    def test_traits_add_up(self) -> None:
        order = OrderFactory.create(with_shipping=True, with_credit=True)
        assert order.captured == eur(10_500)
        assert [tender.captured_minor for tender in order.tenders.order_by("id")] == [2500, 8000]
        unfulfilled = OrderFactory.create(unfulfilled=True)
        assert {line.fulfilled_quantity for line in unfulfilled.lines.all()} == {0}

    def test_a_line_added_later_is_paid_too(self) -> None:
        order = OrderFactory.create()
        LineItemFactory.create(order=order, quantity=3, unit_price_minor=1000)
        order.refresh_from_db()
        assert order.captured == order.tenders.get().captured == eur(13_000)

    def test_a_lone_line_or_tender_has_an_order_that_fits(self) -> None:
        assert LineItemFactory.create().order.captured == eur(2500)
        tender = OrderTenderFactory.create()
        assert tender.captured == tender.order.captured == eur(10_000)

    def test_tax_added_on_top_is_paid_on_top(self) -> None:
        order = OrderFactory.create(
            tax_included=False, lines=[{"unit_price_minor": 10_000, "tax_minor": 2100}]
        )
        assert order.captured == eur(12_100)


@pytest.mark.django_db
class ReturnFactoryTest:
    def test_all_units_are_held_and_worth_the_order(self) -> None:
        ret = ReturnFactory.create(order__with_shipping=True)
        assert Return.objects.get(pk=ret.pk).net == eur(10_500)
        assert Breakdown.from_json(ret.breakdown).net == eur(10_500)
        assert [line.quantity for line in ret.lines.all()] == [2, 1]
        assert {line.returnable_quantity for line in ret.order.lines.all()} == {0}

    def test_some_units_with_an_exchange(self) -> None:
        order = OrderFactory.create()
        line = order.lines.get(sku="TS-1")
        ret = ReturnFactory.create(
            order=order, lines=[{"line_item": line, "exchange": {"price_minor": 3000}}]
        )
        assert ret.net == eur(-500)
        assert ret.exchanges.get().quantity == 1
        assert LineItem.objects.get(pk=line.pk).returned_quantity == 1

    def test_an_accepted_one_has_accepted_lines(self) -> None:
        ret = ReturnFactory.create(accepted=True)
        assert {(line.reception, line.decision) for line in ret.lines.all()} == {
            ("received", "accepted")
        }

    def test_rejected_lines_hold_nothing(self) -> None:
        line = ReturnLineItemFactory.create(decision="rejected")
        assert line.line_item.returned_quantity == 0

    def test_the_other_rows_can_be_made(self) -> None:
        assert ExchangeLineItemFactory.create().quantity == 1
        assert QuoteFactory.create().order_version == 1
        assert ImportJobFactory.create().file.read().startswith(b"order_number")
        assert PolicyRuleFactory.create().policy.version == 1
        assert ReturnReasonFactory.create(damaged=True).waives_fee
        assert StockReservationFactory.create(quantity=4).level.available == 6
