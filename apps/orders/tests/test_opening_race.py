"""Shoppers reach for the same last unit at once. The control, without locks, sells it twice."""

from collections.abc import Callable
from threading import Barrier

import pytest
from django.db.models import Model, QuerySet

from apps.core import clock
from apps.orders.dtos import UnitWish
from apps.orders.models import LineItem, Order, Return, StockLevel
from apps.orders.services import open_return
from apps.orders.services.opening import QuoteExpired
from apps.orders.services.picking import MoreUnitsThanLeft
from apps.orders.tests.factories import OrderFactory, StockLevelFactory
from apps.orders.tests.journeys import asked, quoted, swap, wish
from apps.orders.tests.races import in_parallel

SHOPPERS = 6


@pytest.fixture
def order(transactional_db: None) -> Order:
    """One unit, 25.00."""
    order: Order = OrderFactory.create(lines=[{}])
    return order


def opening(order: Order, *units: UnitWish, shoppers: int) -> Callable[[int], Return]:
    """Each shopper has a quote and waits for the others before opening."""
    quotes = [quoted(order, *units) for _ in range(shoppers)]
    ready = Barrier(shoppers, timeout=20)

    def open_it(number: int) -> Return:
        mine = Order.objects.get(pk=order.pk)
        ready.wait()
        return open_return(mine, asked(quotes[number]), clock.now()).ret

    return open_it


@pytest.mark.django_db(transaction=True)
class LastUnitRaceTest:
    def test_one_gets_it_and_the_others_are_told(self, order: Order) -> None:
        line = order.lines.get()
        open_it = opening(order, wish(line), shoppers=SHOPPERS)
        results = in_parallel(open_it, range(SHOPPERS))

        refusals = [each for each in results if isinstance(each, MoreUnitsThanLeft)]
        assert sum(isinstance(each, Return) for each in results) == 1
        assert len(refusals) == SHOPPERS - 1
        assert {refusal.status for refusal in refusals} == {409}
        assert order.returns.count() == 1
        line.refresh_from_db()
        assert line.returned_quantity == 1

    def test_without_locks_it_is_sold_twice(
        self, order: Order, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        line = order.lines.get()
        open_it = opening(order, wish(line), shoppers=2)
        both_have_read = Barrier(2, timeout=20)
        save = LineItem.save

        def late(self: LineItem, *args: object, **named: object) -> None:
            both_have_read.wait()
            save(self, *args, **named)  # type: ignore[arg-type]

        monkeypatch.setattr(LineItem, "save", late)
        monkeypatch.setattr(QuerySet, "select_for_update", unlocked)
        results = in_parallel(open_it, range(2))

        assert [isinstance(each, Return) for each in results] == [True, True]
        line.refresh_from_db()
        assert (order.returns.count(), line.returned_quantity) == (2, 1)

    def test_one_quote_opens_one_return(self, order: Order) -> None:
        quote = quoted(order, wish(order.lines.get()))
        ready = Barrier(SHOPPERS, timeout=20)

        def open_it(_: int) -> Return:
            mine = Order.objects.get(pk=order.pk)
            ready.wait()
            return open_return(mine, asked(quote), clock.now()).ret

        results = in_parallel(open_it, range(SHOPPERS))
        assert sum(isinstance(each, Return) for each in results) == 1
        assert sum(isinstance(each, QuoteExpired) for each in results) == SHOPPERS - 1

    def test_the_last_piece_in_stock_is_held_once(self) -> None:
        order = OrderFactory.create()
        other = OrderFactory.create(store=order.store)
        level = StockLevelFactory.create(store=order.store, on_hand=1)
        openings = [
            opening(each, swap(each.lines.all()[0], level.variant_id), shoppers=1)
            for each in (order, other)
        ]
        results = in_parallel(lambda number: openings[number](0), range(2))

        assert sum(isinstance(each, Return) for each in results) == 1
        level.refresh_from_db()
        assert (level.reserved, StockLevel.objects.count()) == (1, 1)
        assert Return.objects.count() == 1


def unlocked[M: Model](rows: QuerySet[M], **_: object) -> QuerySet[M]:
    return rows
