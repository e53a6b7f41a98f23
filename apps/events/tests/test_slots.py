from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from unittest.mock import Mock

import pytest
import time_machine
from django.conf import settings
from django.db import connection

from apps.events import tasks
from apps.events.models import InboxMessage, JobRun
from apps.events.slots import run_once, slot_of
from apps.events.tests.factories import EventFactory, InboxMessageFactory, JobRunFactory

NOW = datetime(2026, 3, 4, 12, 0, 47, tzinfo=UTC)
SLOT = datetime(2026, 3, 4, tzinfo=UTC)


class SlotOfTest:
    @pytest.mark.parametrize(
        ("every", "start"),
        [
            (timedelta(seconds=30), datetime(2026, 3, 4, 12, 0, 30, tzinfo=UTC)),
            (timedelta(hours=1), datetime(2026, 3, 4, 12, tzinfo=UTC)),
            (timedelta(days=1), datetime(2026, 3, 4, tzinfo=UTC)),
            (timedelta(days=7), datetime(2026, 3, 2, tzinfo=UTC)),
        ],
    )
    def test_start_of_the_period(self, every: timedelta, start: datetime) -> None:
        assert slot_of(NOW, every) == start


@pytest.mark.django_db
class RunOnceTest:
    def test_second_beat_does_nothing(self) -> None:
        work = Mock(return_value=7)
        assert [run_once("job", SLOT, work) for _ in range(2)] == [7, None]
        assert work.call_count == 1
        assert JobRun.objects.get().done_at is not None
        assert str(JobRun.objects.get()) == "job 2026-03-04 00:00:00"

    def test_other_slot_and_other_job_run(self) -> None:
        run_once("job", SLOT, int)
        assert run_once("job", SLOT + timedelta(days=1), lambda: 1) == 1
        assert run_once("other", SLOT, lambda: 2) == 2

    def test_run_that_raises_frees_its_slot(self) -> None:
        with pytest.raises(ZeroDivisionError):
            run_once("job", SLOT, lambda: 1 // 0)
        assert run_once("job", SLOT, lambda: 3) == 3

    def test_killed_run_is_taken_over_after_its_lease(self) -> None:
        JobRunFactory.create(job="job", slot=SLOT, started_at=NOW)
        with time_machine.travel(NOW + settings.TASK_LEASE - timedelta(seconds=1), tick=False):
            assert run_once("job", SLOT, lambda: 1) is None
        with time_machine.travel(NOW + settings.TASK_LEASE + timedelta(seconds=1), tick=False):
            assert run_once("job", SLOT, lambda: 1) == 1
            assert run_once("job", SLOT, lambda: 1) is None


@pytest.mark.django_db(transaction=True)
class RunOnceRaceTest:
    def test_eight_beats_run_one_job(self) -> None:
        def beat(number: int) -> int | None:
            try:
                return run_once("job", SLOT, lambda: 1)
            finally:
                connection.close()

        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(beat, range(8)))
        assert answers.count(1) == 1
        assert answers.count(None) == 7


@pytest.mark.django_db
class TasksTest:
    def test_sweep_runs_once_in_its_slot(self) -> None:
        EventFactory.create(available_at=NOW - timedelta(minutes=1))
        with time_machine.travel(NOW, tick=False):
            assert [tasks.sweep_events.delay().get(), tasks.sweep_events.delay().get()] == [1, None]

    def test_inbox_is_processed_once_in_its_slot(self) -> None:
        with time_machine.travel(NOW, tick=False):
            assert [tasks.process_inbox(), tasks.process_inbox()] == [0, None]

    def test_named_message_without_handler_stays(self) -> None:
        message = InboxMessageFactory.create(source="nobody")
        assert tasks.process_inbox_message(str(message.pk)) is False

    def test_prune_keeps_what_must_stay_unique(self) -> None:
        old, older = NOW - timedelta(days=89), NOW - timedelta(days=91)
        young = InboxMessageFactory.create(status="done", done_at=old)
        InboxMessageFactory.create(status="done", done_at=older)
        parked = InboxMessageFactory.create(status="parked", received_at=older)
        day = JobRunFactory.create(done_at=old)
        JobRunFactory.create(job="process_inbox", done_at=old)
        JobRunFactory.create(done_at=NOW - timedelta(days=101))
        with time_machine.travel(NOW, tick=False):
            assert [tasks.prune_events(), tasks.prune_events()] == [3, None]
        assert set(InboxMessage.objects.all()) == {young, parked}
        assert JobRun.objects.exclude(job="prune_events").get() == day
