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
from apps.payments.refusals import NoAnswer

logger = logging.getLogger(__name__)


@shared_task
def send_refund(payment_id: str) -> str:
    """The hint sent after a promise; a repeat finds the payment taken, a lost one is swept."""
    crash_here("K4")
    payment = services.send_payment(UUID(payment_id), clock.now())
    crash_here("K9")
    return payment.status


@shared_task
def close_page(payment_id: str) -> str:
    """A page that nobody is to pay on; where Stripe is silent, who pays there is paid back."""
    try:
        services.close_page(UUID(payment_id), clock.now())
    except NoAnswer:
        return "silent"
    return "closed"


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
    go_on_with_return(ret_id)


def start_collection(ret_id: UUID) -> None:
    """Promise the page on which the shopper pays, and have a worker open it."""
    page = services.collect_difference(ret_id, clock.now())
    if page is not None:
        send_soon(page.pk)


def go_on_with_return(ret_id: UUID) -> None:
    """Carry on what a payment, or the end of the return, has changed."""
    _leave(services.go_on_with_return(ret_id, clock.now()))


def carry_on(payment_id: UUID) -> None:
    """What the end of a collection means to its return or its recovery."""
    _leave(services.carry_on(payment_id, clock.now()))


def start_recovery(due: services.RecoveryDue) -> None:
    """Promise the charge, or the link, and have a worker send it."""
    send_soon(services.collect_recovery(due, clock.now()).pk)


def _leave(left: services.GoOn) -> None:
    for payment_id in left.payments:
        send_soon(payment_id)
    for payment_id in left.pages:
        transaction.on_commit(partial(_hint_to_close, str(payment_id)))


def _hint_to_close(payment_id: str) -> None:
    try:
        close_page.delay(payment_id)
    except OperationalError as error:
        # Who pays there all the same is paid back.
        logger.warning("no broker to close the page of %s: %r", payment_id, error)


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
