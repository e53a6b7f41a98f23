from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from apps.accounts.tests.factories import LocationFactory, StoreFactory
from apps.core.ids import uuid7
from apps.core.status import IllegalTransition
from apps.orders.models import StockLevel, StockReservation
from apps.orders.modules.inventory import services
from apps.orders.modules.inventory.models import OutOfStock
from apps.orders.tests.factories import (
    ReturnLineItemFactory,
    StockLevelFactory,
    StockReservationFactory,
)

AT = datetime(2026, 3, 5, 9, tzinfo=UTC)
UNTIL = AT + timedelta(days=28)


def counts(level: StockLevel) -> tuple[int, int]:
    """On hand and reserved, as stored."""
    level.refresh_from_db()
    return level.on_hand, level.reserved


@pytest.mark.django_db
class ReserveTest:
    def test_units_are_held(self) -> None:
        level, line = StockLevelFactory.create(), uuid7()
        held = services.reserve(level.store, level.variant_id, line, 4, UNTIL)
        assert (held.quantity, held.status, held.expires_at) == (4, "held", UNTIL)
        assert held.exchange_line_id == line
        assert counts(level) == (10, 4)

    def test_a_repeat_holds_nothing_more(self) -> None:
        level, line = StockLevelFactory.create(), uuid7()
        first = services.reserve(level.store, level.variant_id, line, 4, UNTIL)
        assert services.reserve(level.store, level.variant_id, line, 4, UNTIL) == first
        services.use(level.merchant, line)
        assert services.reserve(level.store, level.variant_id, line, 4, UNTIL) == first
        assert counts(level) == (6, 0)

    def test_too_few_are_refused_with_both_figures(self) -> None:
        level = StockLevelFactory.create(on_hand=3)
        with pytest.raises(OutOfStock) as caught:
            services.reserve(level.store, level.variant_id, uuid7(), 4, UNTIL)
        assert caught.value.details == {"variant": level.variant_id, "asked": 4, "left": 3}
        assert counts(level) == (3, 0)

    def test_another_store_s_stock_is_not_there(self) -> None:
        level = StockLevelFactory.create()
        with pytest.raises(OutOfStock):
            services.reserve(StoreFactory.create(), level.variant_id, uuid7(), 1, UNTIL)

    def test_sql_refuses_more_than_is_on_hand(self) -> None:
        level = StockLevelFactory.create(on_hand=3)
        with pytest.raises(IntegrityError), transaction.atomic():
            StockLevel.objects.filter(pk=level.pk).update(reserved=4)


@pytest.mark.django_db
class LetGoTest:
    def test_release_gives_back_once(self) -> None:
        held = StockReservationFactory.create(quantity=4)
        assert services.release(held.merchant, held.exchange_line_id)
        assert not services.release(held.merchant, held.exchange_line_id)
        assert counts(held.level) == (10, 0)
        held.refresh_from_db()
        assert held.status == "released"

    def test_use_takes_from_the_shelf_once(self) -> None:
        held = StockReservationFactory.create(quantity=4)
        assert services.use(held.merchant, held.exchange_line_id)
        assert not services.use(held.merchant, held.exchange_line_id)
        assert counts(held.level) == (6, 0)
        with pytest.raises(IllegalTransition):
            held.release()

    def test_another_merchant_s_is_not_found(self) -> None:
        held = StockReservationFactory.create()
        assert not services.release(StoreFactory.create().merchant, held.exchange_line_id)
        assert counts(held.level) == (10, 1)

    def test_the_overdue_expire_at_their_moment(self) -> None:
        due = StockReservationFactory.create(quantity=4, expires_at=AT)
        later = StockReservationFactory.create(expires_at=AT + timedelta(seconds=1))
        assert services.expire_overdue(AT) == 1
        assert services.expire_overdue(AT) == 0
        assert (counts(due.level), counts(later.level)) == ((10, 0), (10, 1))
        due.refresh_from_db()
        assert due.status == "expired"

    def test_a_prolonged_or_used_one_does_not_expire(self) -> None:
        held = StockReservationFactory.create(expires_at=AT)
        assert not held.expire(AT - timedelta(seconds=1))
        held.use()
        assert not held.expire(AT)
        assert counts(held.level) == (9, 0)

    def test_a_split_holds_for_two_lines(self) -> None:
        held, other = StockReservationFactory.create(quantity=4), uuid7()
        services.split(held.merchant, held.exchange_line_id, other, 1)
        services.split(held.merchant, uuid7(), other, 1)
        services.release(held.merchant, held.exchange_line_id)
        assert counts(held.level) == (10, 1)
        assert StockReservation.objects.held().get().exchange_line_id == other
        assert str(held) == "4 (held)"


@pytest.mark.django_db
class RestockTest:
    def test_units_that_arrived_go_on_the_shelf_once(self) -> None:
        line = ReturnLineItemFactory.create(
            reception="received", quantity=2, ret__order__lines=[{"quantity": 3}]
        )
        level = StockLevelFactory.create(store=line.ret.store, variant_id=line.line_item.variant_id)
        shelf = LocationFactory.create(merchant=line.merchant)
        movement = services.restock(line, shelf, AT)
        assert movement is not None
        assert (movement.quantity, movement.location, movement.at) == (2, shelf, AT)
        assert services.restock(line, None, AT) == movement
        assert counts(level) == (12, 0)
        assert [event.payload["quantity"] for event in level.timeline] == [2]
        assert (str(movement), str(level)) == ("+2", "T-shirt, L: 12")

    def test_units_that_never_came_do_not(self) -> None:
        line = ReturnLineItemFactory.create(reception="missing")
        StockLevelFactory.create(store=line.ret.store, variant_id=line.line_item.variant_id)
        with pytest.raises(services.UnitsNotHere):
            services.restock(line, None, AT)

    def test_a_store_without_that_stock_keeps_none(self) -> None:
        line = ReturnLineItemFactory.create(reception="received")
        assert services.restock(line, None, AT) is None
