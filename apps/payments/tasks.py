import logging
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from celery import shared_task
from django.conf import settings
from django.db import transaction
from kombu.exceptions import OperationalError

from apps.core import clock
from apps.core.faults import crash_here
from apps.core.money import Money
from apps.events.slots import run_once, slot_of, tick_of
from apps.orders.models import Return
from apps.orders.tasks import send_actions_soon
from apps.payments import choices, services
from apps.payments.refusals import NoAnswer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from celery import Task

    from apps.orders.models import Quote
    from apps.payments.gateways.stripe.models import PaymentMethodToken
    from apps.payments.models import Payment

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
def ask_page(payment_id: str) -> str:
    """What the shopper says of a page; where Stripe is silent, the sweeper asks again."""
    try:
        services.ask_page(UUID(payment_id), clock.now())
    except NoAnswer:
        return "silent"
    return "asked"


@shared_task
def open_card_page(token_id: str) -> str:
    """Safe to run twice: the same page. Where there is one, it is asked what became of it."""
    at = clock.now()
    try:
        services.ask_card(UUID(token_id), at)
        return services.open_card_page(UUID(token_id), at).status
    except NoAnswer:
        return "silent"


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


@shared_task
def look_again() -> int | None:
    at = clock.now()
    day = slot_of(at, timedelta(days=1))
    return run_once("look_again", day, lambda: services.look_again(day, at))


@shared_task
def remove_cards() -> int | None:
    at = clock.now()
    slot = slot_of(at, timedelta(hours=1))
    return run_once("remove_cards", slot, lambda: services.remove_cards(at))


@shared_task
def forget_bank_accounts() -> int | None:
    at = clock.now()
    day = slot_of(at, timedelta(days=1))
    return run_once("forget_bank_accounts", day, lambda: services.forget_bank_accounts(at))


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
    for payment_id in services.collect_or_say(due, clock.now()):
        send_soon(payment_id)


def start_card(ret_id: UUID, consent: services.CardConsent) -> UUID:
    """Write the consent down, and have a worker open the page for the card."""
    token = services.consent_to_card(ret_id, consent, clock.now())
    transaction.on_commit(partial(_say, open_card_page, str(token.pk)))
    return token.pk


def start_card_of_quote(quote: "Quote", consent: services.CardConsent) -> "PaymentMethodToken":
    """The same for a quote that is not opened yet; a repeat has the page asked about."""
    token = services.consent_for_quote(quote, consent, clock.now())
    transaction.on_commit(partial(_say, open_card_page, str(token.pk)))
    return token


def ask_page_soon(payment_id: UUID) -> None:
    transaction.on_commit(partial(_say, ask_page, str(payment_id)))


def start_link(due: services.RecoveryDue) -> None:
    """The same, where no card is to be charged."""
    for payment_id in services.link_or_nothing(due, clock.now()):
        send_soon(payment_id)


def start_give_back(recovery_id: UUID, reference: str, total: Money) -> None:
    """Until `total` has gone back of what came in under the reference."""
    refund = services.give_back_recovery(recovery_id, reference, total, clock.now())
    if refund is not None:
        send_soon(refund.pk)


def _leave(left: services.GoOn) -> None:
    for payment_id in left.payments:
        send_soon(payment_id)
    for payment_id in left.pages:
        transaction.on_commit(partial(_say, close_page, str(payment_id)))


def _say(task: "Task[[str], str]", row_id: str) -> None:
    try:
        task.delay(row_id)
    except OperationalError as error:
        # Pages are asked about by the sweeper too; who pays on a stale one is paid back.
        logger.warning("no broker for %s: %r", row_id, error)


def start_advance(part_id: UUID) -> None:
    """Promise what a part of an advance pays, and have a worker send it."""
    at = clock.now()
    _send_all(services.promise_advance(part_id, at))
    ret = Return.objects.get(advance__parts=part_id)
    _send_all(services.promise_all_instead(ret, at))


def start_instead(exchange_id: UUID, ret_id: UUID) -> None:
    """Promise the value of goods that ran out, and give back what was paid on top of them."""
    _send_all(services.promise_instead(exchange_id, clock.now()))
    go_on_with_return(ret_id)


def start_taking_back(ret_id: UUID) -> None:
    """Take unused credit of an advance back, and have a worker ask the shop for what it keeps."""
    send_actions_soon(services.take_back_credit(ret_id, clock.now()))


def go_on_after_void(action_id: UUID) -> None:
    """What the shop's word on credit means to its return."""
    actions, payments = services.go_on_after_void(action_id, clock.now())
    send_actions_soon(actions)
    _send_all(payments)


def _send_all(payments: "Iterable[Payment]") -> None:
    for payment in payments:
        if payment.status == choices.Payment.Status.PENDING:
            send_soon(payment.pk)


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
