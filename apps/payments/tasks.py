import logging
from datetime import timedelta
from functools import partial
from uuid import UUID

from celery import shared_task
from django.conf import settings
from django.db import transaction
from kombu.exceptions import OperationalError

from apps.core import clock
from apps.core.faults import crash_here
from apps.events.slots import run_once, slot_of, tick_of
from apps.payments import services

logger = logging.getLogger(__name__)


@shared_task
def send_refund(payment_id: str) -> str:
    """The hint sent after a promise; a repeat finds the payment taken, a lost one is swept."""
    crash_here("K4")
    payment = services.send_payment(UUID(payment_id), clock.now())
    crash_here("K9")
    return payment.status


@shared_task
def sweep_payments() -> int | None:
    at = clock.now()
    slot = tick_of(at, settings.SWEEP_EVERY)
    return run_once("sweep_payments", slot, lambda: services.sweep_payments(at))


@shared_task
def expire_store_credit() -> int | None:
    at = clock.now()
    slot = slot_of(at, timedelta(minutes=30))
    return run_once("expire_store_credit", slot, lambda: services.expire_credits(at))


@shared_task
def catch_up_with_stripe() -> int | None:
    at = clock.now()
    slot = slot_of(at, timedelta(minutes=5))
    return run_once("catch_up_with_stripe", slot, lambda: services.catch_up_with_stripe(at))


@shared_task
def match_balances() -> int | None:
    at = clock.now()
    slot = slot_of(at, timedelta(hours=6))
    return run_once("match_balances", slot, lambda: services.match_balances(at))


def start_refund(ret_id: UUID) -> None:
    """Promise the refund of a return now, and have a worker send it."""
    for payment_id in services.promise_or_block(ret_id, clock.now()):
        send_soon(payment_id)


def send_soon(payment_id: UUID) -> None:
    """Once this transaction is committed; the sweeper sends what the broker did not take."""
    transaction.on_commit(partial(_hint, str(payment_id)))


def _hint(payment_id: str) -> None:
    crash_here("K2")
    try:
        send_refund.delay(payment_id)
    except OperationalError as error:
        # The row is the queue of record: the sweeper sends what the broker did not take.
        logger.warning("no broker for payment %s: %r", payment_id, error)
