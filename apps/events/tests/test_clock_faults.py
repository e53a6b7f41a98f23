"""The slots of periodic jobs when clocks and beats misbehave."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from apps.core import clock
from apps.events.models import JobRun
from apps.events.slots import run_once, slot_of

pytestmark = pytest.mark.django_db
HOUR, DAY, MINUTE = timedelta(hours=1), timedelta(days=1), timedelta(minutes=1)
MADRID = ZoneInfo("Europe/Madrid")


def tick(moments: Iterable[datetime], every: timedelta) -> list[datetime]:
    """Beat calls at these moments; answers the slots whose work was done, as often as it was."""
    done: list[datetime] = []
    for moment in moments:
        with time_machine.travel(moment, tick=False):
            slot = slot_of(clock.now(), every)
            run_once("job", slot, lambda slot=slot: done.append(slot))  # type: ignore[misc]
    return done


class TwoBeatsTest:
    """F-36: two beats at once."""

    def test_each_slot_is_worked_once(self) -> None:
        start = datetime(2026, 3, 4, 12, tzinfo=UTC)
        both = [start + n * MINUTE for n in range(120) for _ in range(2)]

        assert tick(both, HOUR) == [start, start + HOUR]


class NoBeatTest:
    """F-36: no beat for ten minutes, or a worker that is busy when a daily job is due."""

    def test_an_hour_whose_first_tick_was_lost_is_caught_up_once(self) -> None:
        """Ticks at 7 and 37: none from 12:00 to 12:10."""
        ticks = [
            datetime(2026, 3, 4, hour, minute, tzinfo=UTC)
            for hour, minute in ((11, 7), (11, 37), (12, 37), (13, 7))
        ]

        assert tick(ticks, HOUR) == [
            datetime(2026, 3, 4, hour, tzinfo=UTC) for hour in (11, 12, 13)
        ]

    @pytest.mark.parametrize("lost", [{0}, {0, 1}, set(range(23))])
    def test_a_day_whose_ticks_were_lost_is_caught_up_once(self, lost: set[int]) -> None:
        day = datetime(2026, 3, 4, tzinfo=UTC)
        ticks = [day + n * HOUR + 11 * MINUTE for n in range(24) if n not in lost]

        assert tick([*ticks, day + DAY + 11 * MINUTE], DAY) == [day, day + DAY]


class ClockJumpTest:
    """F-36: the clock jumps two hours ahead or back."""

    @pytest.mark.parametrize("jump", [2 * HOUR, -2 * HOUR])
    def test_each_slot_is_worked_once(self, jump: timedelta) -> None:
        start = datetime(2026, 3, 4, 12, tzinfo=UTC)
        before = [start + n * 10 * MINUTE for n in range(18)]
        wrong = [before[-1] + jump + n * 10 * MINUTE for n in range(3)]
        after = [before[-1] + n * 10 * MINUTE for n in range(1, 24)]

        done = tick([*before, *wrong, *after], HOUR)

        assert len(done) == len(set(done))
        assert {start + n * HOUR for n in range(7)} <= set(done)

    def test_back_over_midnight_repeats_no_day(self) -> None:
        midnight = datetime(2026, 3, 5, tzinfo=UTC)
        moments = [midnight + HOUR, midnight - HOUR, midnight + HOUR]

        assert tick(moments, DAY) == [midnight, midnight - DAY]

    def test_a_run_that_broke_off_ahead_frees_its_slot(self) -> None:
        start = datetime(2026, 3, 4, 12, tzinfo=UTC)
        slot = slot_of(start, DAY)
        with time_machine.travel(start + 2 * HOUR, tick=False), pytest.raises(KeyboardInterrupt):
            run_once("job", slot, _broken_off)

        assert tick([start], DAY) == [slot]


class CalendarTest:
    """F-36: the nights on which summer time begins and ends, and the leap day."""

    @pytest.mark.parametrize(
        ("day", "hours"),
        [(datetime(2026, 3, 29, tzinfo=MADRID), 23), (datetime(2026, 10, 25, tzinfo=MADRID), 25)],
    )
    def test_hours_of_a_night_are_counted_in_utc(self, day: datetime, hours: int) -> None:
        first = day.astimezone(UTC)
        # One local day later on the wall clock, not 24 hours.
        length = (day + DAY).astimezone(UTC) - first
        ticks = [first + n * 30 * MINUTE for n in range(length // (30 * MINUTE))]

        assert tick(ticks, HOUR) == [first + n * HOUR for n in range(hours)]

    def test_the_leap_day_is_a_day(self) -> None:
        days = [datetime(2028, month, day, tzinfo=UTC) for month, day in ((2, 28), (2, 29), (3, 1))]
        ticks = [day + n * HOUR for day in days for n in range(24)]

        assert tick(ticks, DAY) == days
        assert JobRun.objects.count() == 3


def _broken_off() -> None:
    raise KeyboardInterrupt
