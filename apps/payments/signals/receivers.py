"""What payments hears: accepted units are to be refunded."""

from typing import Any

from django.dispatch import receiver

from apps.events.models import Event
from apps.orders.signals import signals as orders
from apps.payments import tasks
from apps.payments.signals import signals


@receiver((orders.return_accepted, orders.return_partly_accepted))
def refund_accepted_units(event: Event, **kwargs: Any) -> None:
    tasks.start_refund(event.subject_id)


@receiver(orders.return_payment_due)
def collect_difference(event: Event, **kwargs: Any) -> None:
    tasks.start_collection(event.subject_id)


@receiver((orders.return_cancelled, orders.return_rejected))
def give_back_what_was_paid(event: Event, **kwargs: Any) -> None:
    tasks.go_on_with_return(event.subject_id)


@receiver(
    (
        signals.collection_offered,
        signals.collection_succeeded,
        signals.collection_failed,
        signals.collection_expired,
        signals.collection_cancelled,
    )
)
def carry_on_after_collection(event: Event, **kwargs: Any) -> None:
    tasks.carry_on(event.subject_id)
