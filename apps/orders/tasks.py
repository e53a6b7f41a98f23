from datetime import timedelta

from celery import shared_task

from apps.core import clock
from apps.events.slots import run_once, slot_of
from apps.orders.models import ImportJob
from apps.orders.services import clockwork
from apps.orders.services.jobs import run_import

HOURLY = timedelta(hours=1)


@shared_task
def import_orders(job_id: str) -> None:
    """Safe to run twice: a done job is left alone, a broken-off one goes on from known rows."""
    job = ImportJob.objects.select_related("store", "merchant").filter(pk=job_id).first()
    if job is not None:
        run_import(job, clock.now())


@shared_task
def watch_returns() -> int | None:
    """Every hour once: reminders, cancellations of what was never sent, stock let go."""
    at = clock.now()
    return run_once("watch_returns", slot_of(at, HOURLY), _watch_returns)


def _watch_returns() -> int:
    at = clock.now()
    return (
        clockwork.remind_not_shipped(at)
        + clockwork.cancel_not_shipped(at)
        + clockwork.expire_reservations(at)
    )
