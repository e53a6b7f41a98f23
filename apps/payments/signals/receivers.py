"""What payments hears: accepted units are to be refunded."""

from typing import Any

from django.dispatch import receiver

from apps.events.models import Event
from apps.orders.signals import signals as orders
from apps.payments import tasks


@receiver((orders.return_accepted, orders.return_partly_accepted))
def refund_accepted_units(event: Event, **kwargs: Any) -> None:
    tasks.start_refund(event.subject_id)
