"""What deliveries hear of returns; each makes one call and may hear an event twice."""

from typing import Any

from django.dispatch import receiver

from apps.deliveries import tasks
from apps.events.models import Event
from apps.orders.signals import signals


@receiver([signals.return_opened, signals.return_approved])
def prepare_what_is_in_progress(event: Event, **_: Any) -> None:
    tasks.prepare_now_or_later(event.subject_id)


@receiver([signals.return_cancelled, signals.return_rejected])
def release_what_is_over(event: Event, **_: Any) -> None:
    tasks.release_now_or_later(event.subject_id)
