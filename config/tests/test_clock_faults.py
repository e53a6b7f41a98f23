"""Beat's timetable when clocks and beats misbehave, with the schedules that the product runs."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from celery.schedules import crontab

from config.celery_scheduler import BEAT_SCHEDULE

BY_CLOCK = {
    name: job["schedule"]
    for name, job in BEAT_SCHEDULE.items()
    if isinstance(job["schedule"], crontab)
}
SCHEDULES = pytest.mark.parametrize("schedule", BY_CLOCK.values(), ids=list(BY_CLOCK))
MINUTE = timedelta(minutes=1)


def fields(schedule: crontab) -> tuple[set[int], set[int]]:
    """Its hours and minutes; the stubs do not know them."""
    return vars(schedule)["hour"], vars(schedule)["minute"]


def ticks(schedule: crontab, since: datetime, minutes: int) -> list[datetime]:
    """The minutes at which a beat that looks every minute starts the job."""
    started, last = [], since
    for n in range(1, minutes + 1):
        now = since + n * MINUTE
        with time_machine.travel(now, tick=False):
            if schedule.is_due(last)[0]:
                started.append(now)
                last = now
    return started


class TimetableTest:
    """F-36: whatever is lost, by a beat or by a busy worker, is tried again within the hour."""

    @pytest.mark.parametrize("job", BEAT_SCHEDULE.values(), ids=list(BEAT_SCHEDULE))
    def test_every_job_is_started_each_hour(self, job: dict[str, object]) -> None:
        schedule = job["schedule"]

        if isinstance(schedule, crontab):
            assert fields(schedule)[0] == set(range(24))
        else:
            assert isinstance(schedule, timedelta)
            assert schedule <= timedelta(minutes=10)

    @SCHEDULES
    @pytest.mark.parametrize(
        "night",
        [
            datetime(2026, 3, 28, 23, 59, tzinfo=UTC),
            datetime(2026, 10, 24, 23, 59, tzinfo=UTC),
            datetime(2028, 2, 28, 22, 59, tzinfo=UTC),
        ],
        ids=["summer time begins", "summer time ends", "leap day"],
    )
    def test_each_hour_of_a_night_has_its_ticks(self, schedule: crontab, night: datetime) -> None:
        started = ticks(schedule, night, 181)

        per_hour = len(fields(schedule)[1])
        assert len(started) == 3 * per_hour
        assert len(set(started)) == len(started)

    @SCHEDULES
    def test_after_ten_minutes_without_beat_the_lost_tick_comes_once(
        self, schedule: crontab
    ) -> None:
        minute = min(fields(schedule)[1])
        lost = datetime(2026, 3, 4, 12, minute, tzinfo=UTC)
        last = lost - timedelta(hours=1)

        with time_machine.travel(lost + 10 * MINUTE, tick=False):
            assert schedule.is_due(last)[0]
            assert not schedule.is_due(lost + 10 * MINUTE)[0]
