import logging
from datetime import datetime, timedelta
from uuid import UUID

from celery import shared_task
from django.conf import settings
from kombu.exceptions import OperationalError

from apps.core import clock
from apps.events import announcer, services
from apps.events.models import InboxMessage, JobRun
from apps.events.modules.reconciliation import services as reconciliation
from apps.events.modules.reconciliation.models import ReconciliationRun
from apps.events.slots import run_once, slot_of, tick_of

logger = logging.getLogger(__name__)
TICKERS = ("sweep_events", "process_inbox")
TICKS_KEPT = timedelta(days=1)
# Above the longest slot in use, a month: a pruned slot would run again.
RUNS_KEPT = timedelta(days=100)
INBOX_KEPT = timedelta(days=90)
HOURLY = timedelta(hours=1)
# Staff who press the button together start one run.
BUTTON_SLOT = timedelta(seconds=30)


@shared_task
def sweep_events() -> int | None:
    """Safe to run twice: an event is leased before it is told, and listeners may hear it twice."""
    at = clock.now()
    left_behind = at - settings.EVENT_SWEEP_AFTER
    slot = tick_of(at, settings.SWEEP_EVERY)
    return run_once("sweep_events", slot, lambda: announcer.sweep(left_behind))


@shared_task
def process_inbox() -> int | None:
    at = clock.now()
    slot = tick_of(at, settings.INBOX_EVERY)
    return run_once("process_inbox", slot, lambda: services.process(at))


@shared_task
def process_inbox_message(message_id: str) -> bool:
    """The hint sent after a webhook was stored; lost hints are made good by `process_inbox`."""
    return services.process_one(UUID(message_id), clock.now())


@shared_task
def prune_events() -> int | None:
    """Webhook bodies go after 90 days, as long as their ids must be unique."""
    at = clock.now()
    return run_once("prune_events", slot_of(at, timedelta(days=1)), lambda: _prune(at))


def _prune(at: datetime) -> int:
    messages, _ = InboxMessage.objects.done_before(at - INBOX_KEPT).delete()
    ticks, _ = JobRun.objects.done_before(at - TICKS_KEPT).filter(job__in=TICKERS).delete()
    runs, _ = JobRun.objects.done_before(at - RUNS_KEPT).delete()
    old, _ = ReconciliationRun.objects.started_before(at - RUNS_KEPT).delete()
    return messages + ticks + runs + old


@shared_task
def reconcile() -> int | None:
    """Asks every query once an hour; returns how many items are new."""
    at = clock.now()
    return run_once("reconcile", slot_of(at, HOURLY), lambda: _reconcile(at))


@shared_task
def reconcile_now(user_id: str) -> int | None:
    """The same at a person's wish."""
    at = clock.now()
    slot = slot_of(at, BUTTON_SLOT)
    return run_once("reconcile_now", slot, lambda: _reconcile(at, UUID(user_id)))


@shared_task
def tell_staff() -> int:
    """Mails what is new; run twice it finds everybody told."""
    return reconciliation.tell_staff(clock.now())


def _reconcile(at: datetime, asked_by: UUID | None = None) -> int:
    run = reconciliation.reconcile(at, asked_by)
    try:
        tell_staff.delay()
    except OperationalError as error:
        # The items are rows: the next run has them told.
        logger.warning("no broker to tell staff: %r", error)
    return run.opened
