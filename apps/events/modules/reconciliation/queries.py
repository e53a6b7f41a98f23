"""What must never be found in the outbox and the inbox (docs/reconciliation.md)."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Max, Min, Q, QuerySet, Value
from django.db.models.fields import CharField

from apps.core.findings import finds
from apps.events import choices
from apps.events.models import Event, InboxMessage

type Rows = QuerySet[Any, Any]

# Sweepers run every few seconds: what waits for so long was left behind.
PATIENCE = timedelta(minutes=15)
ACCOUNT = Value("events.inboxmessage", output_field=CharField())


@finds("I-46", "an event was not told to those who listen")
def events_left_behind(at: datetime) -> Rows:
    tried = Event.objects.unheard().filter(attempts__lt=choices.MAX_ATTEMPTS)
    return tried.filter(available_at__lt=at - PATIENCE)


@finds("I-46", "an event is parked: a listener failed again and again")
def events_parked(_: datetime) -> Rows:
    return Event.objects.parked()


@finds("I-48", "the events of a subject have a gap", subject="subject_id")
def sequences_with_gaps(_: datetime) -> Rows:
    told = Event.objects.order_by().values("merchant_id", "subject_type", "subject_id")
    told = told.annotate(first=Min("sequence"), last=Max("sequence"), events=Count("id"))
    return told.filter(~Q(first=1) | ~Q(last=F("events")))


@finds("I-47", "a webhook was not processed")
def webhooks_left_behind(at: datetime) -> Rows:
    waiting = InboxMessage.objects.filter(status=choices.InboxMessage.Status.WAITING)
    return waiting.filter(available_at__lt=at - PATIENCE)


@finds("I-47", "a webhook is parked")
def webhooks_parked(_: datetime) -> Rows:
    """Its handler failed again and again, or another body came under its event id."""
    return InboxMessage.objects.parked()


@finds("I-47", "a webhook was stored twice", subject="subject_id")
def webhooks_stored_twice(_: datetime) -> Rows:
    """`subject_id` is the provider's id of the event."""
    keys = ("merchant_id", "source", "environment", "account", "event_id")
    stored = InboxMessage.objects.order_by().values(*keys)
    stored = stored.annotate(times=Count("id"), subject_type=ACCOUNT, subject_id=F("event_id"))
    twice: Rows = stored.filter(times__gt=1)
    return twice
