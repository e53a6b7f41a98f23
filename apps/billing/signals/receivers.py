"""What billing hears; each makes one call and may hear an event twice."""

from typing import Any

from django.dispatch import receiver

from apps.billing import tasks
from apps.deliveries.signals import signals as deliveries
from apps.events.models import Event
from apps.orders.signals import signals as orders


@receiver((orders.return_opened, orders.return_approved))
def bill_the_request(event: Event, **_: Any) -> None:
    tasks.charge_return(event)


@receiver(orders.advance_closed)
def bill_the_advance(event: Event, **_: Any) -> None:
    tasks.charge_advance(event)


@receiver(orders.recovery_closed)
def bill_what_nobody_owes(event: Event, **_: Any) -> None:
    tasks.charge_closed_recovery(event)


@receiver(deliveries.label_ready)
def bill_the_labels(event: Event, **_: Any) -> None:
    tasks.charge_labels(event)
