"""Tells an Event to those who listen, after commit; what fails is told again by the sweeper."""

import logging
from datetime import datetime, timedelta

from django.db import transaction

from apps.core import clock
from apps.events.models import Event
from apps.events.signals.signals import EventSignal

logger = logging.getLogger(__name__)
MAX_BACKOFF = timedelta(hours=1)


def announce(event: Event) -> bool:
    """True when every listener heard it; a listener that raises leaves the row for the sweeper."""
    signal = EventSignal.by_kind.get(event.kind)
    answers = signal.send_robust(sender=Event, event=event) if signal else []
    failures = [(ear, answer) for ear, answer in answers if isinstance(answer, Exception)]
    for ear, error in failures:
        logger.error("%s failed to hear %s: %r", ear, event.kind, error, exc_info=error)
    at = clock.now()
    if failures:
        delay = min(timedelta(seconds=5 * 2**event.attempts), MAX_BACKOFF)
        Event.objects.filter(pk=event.pk).update(
            attempts=event.attempts + 1, available_at=at + delay
        )
        return False
    Event.objects.filter(pk=event.pk, announced_at=None).update(announced_at=at)
    return True


def sweep(at: datetime, limit: int = 200) -> int:
    """Announce what is due and was left behind; returns how many were heard by all."""
    heard = 0
    for _ in range(limit):
        with transaction.atomic():
            event = Event.objects.due(at).select_for_update(skip_locked=True).first()
            if event is None:
                break
            # The lease: another sweeper passes it by while the listeners are at work.
            event.available_at = at + timedelta(seconds=60)
            event.save(update_fields=["available_at"])
        heard += announce(event)
    return heard
