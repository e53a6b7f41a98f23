"""Each query finds the fault planted for it with all triggers off."""

from datetime import timedelta

import pytest

from apps.core import clock
from apps.core.tests.faults import drop, found, write
from apps.orders.modules.advances.models import Advance
from apps.orders.modules.advances.tests.factories import AdvanceFactory, AdvancePartFactory

pytestmark = pytest.mark.django_db
AT = clock.now()


@pytest.fixture
def advance() -> Advance:
    """100.00 in two parts of 60.00 and 40.00, of a return that is on its way."""
    advance: Advance = AdvanceFactory.create()
    AdvancePartFactory.create(advance=advance, amount_minor=6000, status="released", released_at=AT)
    AdvancePartFactory.create(advance=advance, amount_minor=4000, rung="pay_at_scan")
    return advance


class AdvancesTest:
    def test_a_sound_one_is_not_found(self, advance: Advance) -> None:
        assert found() == []

    def test_parts_that_do_not_sum_to_it(self, advance: Advance) -> None:
        write("UPDATE orders_advancepart SET amount_minor = 1 WHERE status = 'waiting'")

        assert found() == [("I-34", str(advance.pk))]

    def test_ended_with_a_part_that_waits(self, advance: Advance) -> None:
        write("UPDATE orders_advance SET ended_at = now(), kept_minor = 10000")

        assert found() == [("I-34", str(advance.pk))]

    def test_more_is_kept_than_went_out(self, advance: Advance) -> None:
        drop("orders_advance", "orders_advance_ends")
        write("UPDATE orders_advancepart SET status = 'cancelled' WHERE status = 'waiting'")
        write("UPDATE orders_advance SET ended_at = now(), kept_minor = 6001")

        assert found() == [("I-34", str(advance.pk))]

    def test_of_a_decided_return_it_was_left_open(self, advance: Advance) -> None:
        write(
            "UPDATE orders_return SET status = 'rejected', decided_at = %s",
            [AT - timedelta(minutes=61)],
        )

        assert ("I-34", str(advance.pk)) in found()
