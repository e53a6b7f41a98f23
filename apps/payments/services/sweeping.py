"""What was left behind by a crash or a lost hint is found in the database and carried on."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet

from apps.core import clock
from apps.events.models import Event
from apps.orders import choices as orders
from apps.orders.models import Return
from apps.payments import choices
from apps.payments.mixins.books import SUBJECT
from apps.payments.models import Payment
from apps.payments.services.refunds import promise_or_block
from apps.payments.services.sending import resolve_payment, send_payment

logger = logging.getLogger(__name__)
LOOK_BACK = timedelta(days=7)
ALARM_AFTER = timedelta(minutes=15)
AT_ONCE = 200


def sweep_payments(at: datetime) -> int:
    """Promise, send and ask about what waits; returns how many were touched.

    A sweep of many takes longer than a lease: each payment is taken at the time that it is then.
    """
    now = clock.running_from(at)
    promised = _ids(unpromised(at))
    for ret_id in promised:
        promise_or_block(ret_id, at)
    waiting = _ids(Payment.objects.left_behind(at - settings.PAYMENT_SWEEP_AFTER).non_polymorphic())
    for payment_id in waiting:
        _go_on(send_payment, payment_id, now())
    for payment in overdue(at)[:AT_ONCE]:
        payment.sound_alarm(at)
    unanswered = _ids(Payment.objects.without_answer(at).non_polymorphic())
    for payment_id in unanswered:
        _go_on(resolve_payment, payment_id, now())
    return len(promised) + len(waiting) + len(unanswered)


def _go_on(step: Callable[[UUID, datetime], Payment], payment_id: UUID, at: datetime) -> None:
    """One that raises is left for the next sweep, and does not keep the others waiting."""
    try:
        step(payment_id, at)
    except Exception:
        logger.exception("could not go on with payment %s", payment_id)


def unpromised(at: datetime) -> "QuerySet[Return]":
    """Accepted returns without a payment, whose refund nobody has said a word about."""
    said = Event.objects.filter(
        subject_type="orders.return",
        subject_id=OuterRef("pk"),
        kind__in=(choices.Event.REFUND_NOTHING_DUE, choices.Event.REFUND_BLOCKED),
    )
    return Return.objects.filter(
        ~Exists(Payment.objects.refunds().non_polymorphic().filter(ret_id=OuterRef("pk"))),
        ~Exists(said),
        status__in=(orders.Return.Status.ACCEPTED, orders.Return.Status.PARTLY_ACCEPTED),
        updated_at__lte=at - settings.PAYMENT_SWEEP_AFTER,
        updated_at__gte=at - LOOK_BACK,
    ).order_by("id")


def overdue(at: datetime) -> "QuerySet[Payment]":
    """Sent a quarter of an hour ago, heard of by nobody, and no alarm was sounded yet."""
    said = Event.objects.filter(
        subject_type=SUBJECT,
        subject_id=OuterRef("pk"),
        kind__in=(choices.Event.REFUND_UNANSWERED, choices.Event.COLLECTION_UNANSWERED),
        at__gte=OuterRef("submitted_at"),
    )
    unheard = Payment.objects.filter(choices.Payment.UNHEARD, ~Exists(said))
    return unheard.filter(submitted_at__lte=at - ALARM_AFTER).order_by("id")


def _ids(rows: "QuerySet[Return] | QuerySet[Payment]") -> list[UUID]:
    found: Iterable[UUID] = rows.values_list("pk", flat=True)[:AT_ONCE]
    return list(found)
