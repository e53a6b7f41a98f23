"""Tells an Event to those who listen, after commit; what fails is told again by the sweeper."""

import logging
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from apps.core import clock
from apps.core.faults import crash_here
from apps.events import choices
from apps.events.models import Event
from apps.events.signals.signals import EventSignal

logger = logging.getLogger(__name__)


def announce(event: Event) -> bool:
    """The first telling, right after commit; True when every listener heard it."""
    heard = tell(event)
    if not heard:
        event.attempts += 1
        _retry_later(event)
    return heard


def announce_all(events: Sequence[Event]) -> None:
    """The first telling of many; those that every listener heard are marked in one statement."""
    heard = [event for event in events if _heard(event)]
    told = {event.pk for event in heard}
    crash_here("K3")
    Event.objects.unheard().filter(pk__in=told).update(announced_at=clock.now())
    for event in events:
        if event.pk not in told:
            event.attempts += 1
            _retry_later(event)


def tell(event: Event) -> bool:
    """Marks the event announced unless a listener raised; the others have heard it then."""
    if not _heard(event):
        return False
    crash_here("K3")
    Event.objects.unheard().filter(pk=event.pk).update(announced_at=clock.now())
    return True


def _heard(event: Event) -> bool:
    signal = EventSignal.by_kind.get(event.kind)
    answers = signal.send_robust(sender=Event, event=event) if signal else []
    failures = [(ear, answer) for ear, answer in answers if isinstance(answer, Exception)]
    for ear, error in failures:
        # Django's send_robust has logged the traceback; this line says which event waits.
        logger.error("%s did not hear %s %s: %r", ear, event.kind, event.pk, error)
    return not failures


def sweep(at: datetime, limit: int = 200) -> int:
    """Tell what is due and was left behind; returns how many events were heard by all."""
    heard = 0
    for _ in range(limit):
        event = _lease(at)
        if event is None:
            break
        if tell(event):
            heard += 1
        else:
            _retry_later(event)
    return heard


def _retry_later(event: Event) -> None:
    event.available_at = clock.now() + choices.delay_after(event.attempts)
    event.save(update_fields=["attempts", "available_at"])
    if event.is_parked:
        logger.critical("parked after %s attempts: %s %s", event.attempts, event.kind, event.pk)


def _lease(at: datetime) -> Event | None:
    """Take the next due event; the attempt counts before it is made, so a crash counts too."""
    with transaction.atomic():
        event = Event.objects.due(at).select_for_update(skip_locked=True).first()
        if event is not None:
            event.attempts += 1
            event.available_at = at + choices.lease_after(event.attempts)
            event.save(update_fields=["attempts", "available_at"])
        return event
