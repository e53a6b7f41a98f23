"""A vendor may take a success back, and its webhook may be lost: who is asked again finds it."""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from apps.payments import choices
from apps.payments.models import Payment
from apps.payments.services.sending import word_of

logger = logging.getLogger(__name__)
Outcome = choices.Payment.Outcome
DAY = timedelta(days=1)
# Those that are asked; Adyen has no question to ask, and Stripe's events are caught up with.
GATEWAYS = (
    choices.Payment.Gateway.PAYPAL,
    choices.Payment.Gateway.MOLLIE,
    choices.Payment.Gateway.PLATFORM,
)
# Banks send money back within days, seldom later.
AT_AGES = (1, 3, 7, 14)


def look_again(day: datetime, at: datetime) -> int:
    """Refunds that succeeded so many days before `day`; returns how many were taken back.

    Safe to run twice; who is silent is asked again at the next age.
    """
    found: list[UUID] = []
    for age in AT_AGES:
        until = day - age * DAY
        settled = Payment.objects.settled_between(until - DAY, until, GATEWAYS)
        found += settled.non_polymorphic().values_list("pk", flat=True)
    return sum(_look(payment_id, at) for payment_id in found)


def _look(payment_id: UUID, at: datetime) -> bool:
    payment = Payment.objects.get(pk=payment_id)
    answer = word_of(payment.ask)
    if answer.outcome == Outcome.ABSENT:
        logger.critical("%s is not known at %s any more", payment.pk, payment.gateway)
    if answer.outcome != Outcome.FAILED:
        return False
    payment.hear(answer, at)
    return payment.status == choices.Payment.Status.RETURNED
