"""A periodic job runs once for each slot of its clock, however many beats there are (S-37)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction

from apps.core import clock
from apps.events.models import JobRun

_EPOCH = datetime(2000, 1, 3, tzinfo=UTC)


def slot_of(at: datetime, every: timedelta) -> datetime:
    """Start of the period that `at` lies in; periods are counted from Monday 2000-01-03, UTC."""
    return at - (at - _EPOCH) % every


def tick_of(at: datetime, every: timedelta) -> datetime:
    """The slot of what beat starts `every` so often; half of it, so that a late tick and an early
    one do not share a slot.
    """
    return slot_of(at, every / 2)


def run_once[R](job: str, slot: datetime, work: Callable[[], R]) -> R | None:
    """The answer of `work` for the first caller of this slot, None for the others.

    A run that raises frees its slot, a killed one is taken over after TASK_LEASE: let beat call a
    daily job every hour with the day as its slot, and a failed day is caught up within the hour.
    """
    run = _claim(job, slot, clock.now())
    if run is None:
        return None
    mine = JobRun.objects.filter(pk=run.pk, started_at=run.started_at)
    try:
        result = work()
    except BaseException:
        mine.delete()
        raise
    mine.update(done_at=clock.now())
    return result


def _claim(job: str, slot: datetime, at: datetime) -> JobRun | None:
    run = JobRun(job=job, slot=slot, started_at=at)
    try:
        with transaction.atomic():
            run.save(force_insert=True)
    except IntegrityError:
        left_behind = JobRun.objects.abandoned(at - settings.TASK_LEASE).filter(job=job, slot=slot)
        taken = left_behind.update(started_at=at)
        return JobRun.objects.get(job=job, slot=slot) if taken else None
    return run
