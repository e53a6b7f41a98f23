"""The network part of a payment: no lock held, no transaction open, an unknown end allowed."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from apps.core.faults import crash_here, pause_here
from apps.payments import choices
from apps.payments.dtos import Answer
from apps.payments.models import Payment
from apps.payments.refusals import NoAnswer

Outcome = choices.Payment.Outcome


def send_payment(payment_id: UUID, at: datetime) -> Payment:
    """Send it if nobody has; payments that a batch or a person sends are left as they are."""
    payment = Payment.objects.get(pk=payment_id)
    if payment.GOES_ALONE and payment.submit(at):
        crash_here("K5")
        pause_here("before-call")
        answer = word_of(payment.call)
        crash_here("K7")
        pause_here("before-settling")
        payment.settle(answer, at)
    return payment


def resolve_payment(payment_id: UUID, at: datetime) -> Payment:
    """Ask what became of it; one that never arrived is sent again, while its key lives."""
    payment = Payment.objects.get(pk=payment_id)
    if payment.take_up(at):
        answer = word_of(payment.ask)
        if answer.outcome == Outcome.ABSENT:
            lives = payment.key_lives(at)
            answer = word_of(payment.call) if lives else payment.given_up(at)
        crash_here("K13")
        payment.settle(answer, at)
    return payment


def word_of(step: Callable[[], Answer]) -> Answer:
    try:
        return step()
    except NoAnswer:
        return Answer(Outcome.UNKNOWN)
