import logging
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from celery import shared_task
from django.db import transaction
from kombu.exceptions import OperationalError

from apps.core import clock
from apps.events.slots import run_once, slot_of
from apps.orders.models import ImportJob
from apps.orders.modules.recoveries import services as recoveries
from apps.orders.services import clockwork, cover
from apps.orders.services.jobs import run_import, start_import

if TYPE_CHECKING:
    from apps.accounts.models import Store

logger = logging.getLogger(__name__)
HOURLY = timedelta(hours=1)
MINUTELY = timedelta(minutes=1)
# Above the hard limit of the task: nobody can be at work on the job any more.
LOST_AFTER = timedelta(minutes=10)
# A file of 20,000 rows on a slow day; below the broker's visibility timeout of ten minutes.
SOFT_LIMIT, HARD_LIMIT = 480, 540


def start_orders_import(store: "Store", file_name: str, content: bytes) -> ImportJob:
    """Keep the file and have a worker take it; raises UnreadableFile."""
    with transaction.atomic():
        job = start_import(store, file_name, content)
        transaction.on_commit(partial(_hint, str(job.pk)))
    return job


def _hint(job_id: str) -> None:
    try:
        import_orders.delay(job_id)
    except OperationalError as error:
        # The row is the queue of record: `resume_imports` sends what the broker did not take.
        logger.warning("no broker for import %s: %r", job_id, error)


@shared_task(soft_time_limit=SOFT_LIMIT, time_limit=HARD_LIMIT)
def import_orders(job_id: str) -> None:
    """Safe to run twice: a done job is left alone, a broken-off one goes on from known rows."""
    job = ImportJob.objects.select_related("store", "merchant").filter(pk=job_id).first()
    if job is not None:
        run_import(job, clock.now())


@shared_task
def resume_imports() -> int | None:
    """Jobs whose hint or worker was lost; those at work are left alone."""
    at = clock.now()
    return run_once("resume_imports", slot_of(at, MINUTELY), lambda: _resume_imports(at))


def _resume_imports(at: datetime) -> int:
    lost = ImportJob.objects.left_behind(waiting=at - MINUTELY, running=at - LOST_AFTER)
    ids = [str(pk) for pk in lost.values_list("pk", flat=True)]
    for job_id in ids:
        _hint(job_id)
    return len(ids)


@shared_task
def watch_returns() -> int | None:
    """Every hour once: reminders, cancellations of what was never sent, stock let go, cover."""
    at = clock.now()
    return run_once("watch_returns", slot_of(at, HOURLY), _watch_returns)


def _watch_returns() -> int:
    at = clock.now()
    return (
        clockwork.remind_not_shipped(at)
        + clockwork.cancel_not_shipped(at)
        + clockwork.expire_reservations(at)
        + cover.warn_of_ending_cover(at)
        + cover.end_covers(at)
    )


@shared_task
def watch_recoveries() -> int | None:
    """Every hour once: objections that end, warnings, charges that fall due."""
    at = clock.now()
    return run_once("watch_recoveries", slot_of(at, HOURLY), lambda: recoveries.take_steps(at))
