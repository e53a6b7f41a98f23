"""What orders hear of themselves; it may be heard twice."""

from typing import Any

from django.dispatch import receiver

from apps.events.models import Event
from apps.orders.services import advances, restocking
from apps.orders.signals import signals


@receiver((signals.return_accepted, signals.return_partly_accepted))
def restock_what_was_accepted(event: Event, **kwargs: Any) -> None:
    restocking.restock_return(event.subject_id, event.at)


@receiver((signals.advance_closed, signals.advance_unwound))
def free_the_exposure(event: Event, **kwargs: Any) -> None:
    advances.free_exposure(event.subject_id, event.at)
