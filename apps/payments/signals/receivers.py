"""What payments hears: accepted units are to be refunded, advances to be paid and ended."""

from typing import Any
from uuid import UUID

from django.dispatch import receiver

from apps.events.models import Event
from apps.integrations.choices import PlatformAction
from apps.integrations.signals import signals as integrations
from apps.orders.signals import signals as orders
from apps.payments import services, tasks
from apps.payments.signals import signals


@receiver((orders.return_accepted, orders.return_partly_accepted))
def refund_accepted_units(event: Event, **kwargs: Any) -> None:
    tasks.start_refund(event.subject_id)


@receiver(orders.advance_released)
def pay_the_advance(event: Event, **kwargs: Any) -> None:
    tasks.start_advance(UUID(str(event.payload["part"])))


@receiver(orders.exchange_replaced)
def pay_instead_of_goods(event: Event, **kwargs: Any) -> None:
    tasks.start_instead(UUID(str(event.payload["exchange"])), event.subject_id)


@receiver(orders.advance_reclaimed)
def take_unused_credit_back(event: Event, **kwargs: Any) -> None:
    tasks.start_taking_back(event.subject_id)


@receiver((integrations.action_done, integrations.action_failed))
def go_on_after_credit_was_voided(event: Event, **kwargs: Any) -> None:
    if event.payload["action"] == PlatformAction.Kind.VOID_CREDIT:
        tasks.go_on_after_void(event.subject_id)


@receiver((orders.advance_closed, orders.advance_unwound))
def post_the_end_of_the_advance(event: Event, **kwargs: Any) -> None:
    services.post_end(event.subject_id, event.at)


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
