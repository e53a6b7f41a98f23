from celery import shared_task
from django.conf import settings

from apps.core import clock
from apps.events import announcer


@shared_task
def sweep_events() -> int:
    """Safe to run twice: an event is leased before it is told, and listeners may hear it twice."""
    return announcer.sweep(clock.now() - settings.EVENT_SWEEP_AFTER)
