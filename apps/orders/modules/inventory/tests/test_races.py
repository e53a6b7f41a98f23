"""Fifty shoppers want ten pieces. The control, without the lock, shows that the race is real."""

from datetime import UTC, datetime
from threading import Barrier
from uuid import UUID

import pytest

from apps.core.ids import uuid7
from apps.orders.models import StockLevel, StockReservation
from apps.orders.modules.inventory import services
from apps.orders.modules.inventory.models import OutOfStock
from apps.orders.tests.factories import StockLevelFactory, StockReservationFactory
from apps.orders.tests.races import in_parallel

UNTIL = datetime(2026, 4, 2, tzinfo=UTC)


@pytest.mark.django_db(transaction=True)
class StockRaceTest:
    def test_ten_pieces_are_held_for_exactly_ten(self) -> None:
        level = StockLevelFactory.create(on_hand=10)

        def reserve(line: UUID) -> StockReservation:
            return services.reserve(level.store, level.variant_id, line, 1, UNTIL)

        outcomes = in_parallel(reserve, [uuid7() for _ in range(50)])
        assert sum(isinstance(each, StockReservation) for each in outcomes) == 10
        assert sum(isinstance(each, OutOfStock) for each in outcomes) == 40
        level.refresh_from_db()
        assert (level.reserved, level.reservations.count()) == (10, 10)

    def test_one_line_asked_for_many_times_holds_once(self) -> None:
        level, line = StockLevelFactory.create(on_hand=10), uuid7()
        held = in_parallel(
            lambda _: services.reserve(level.store, level.variant_id, line, 2, UNTIL), range(12)
        )
        assert len({each.pk for each in held if isinstance(each, StockReservation)}) == 1
        level.refresh_from_db()
        assert level.reserved == 2

    def test_without_the_lock_the_shelf_is_sold_twice(self) -> None:
        level = StockLevelFactory.create(on_hand=10)
        everybody_has_read = Barrier(12, timeout=20)

        def reserve_unlocked(line: UUID) -> bool:
            seen = StockLevel.objects.get(pk=level.pk)
            everybody_has_read.wait()
            if seen.available < 1:
                return False
            StockReservationFactory.create(level=seen, exchange_line_id=line)
            return True

        assert in_parallel(reserve_unlocked, [uuid7() for _ in range(12)]) == [True] * 12
        assert level.reservations.count() == 12
