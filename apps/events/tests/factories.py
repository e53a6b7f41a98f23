"""Rows of the event floor; `sequence` is the factory's own counter, not the recorder's."""

import factory
from factory.django import DjangoModelFactory

from apps.core import clock
from apps.core.ids import uuid7
from apps.events import choices, inbox
from apps.events.models import Event, InboxMessage, JobRun
from apps.events.modules.reconciliation.models import ReconciliationItem, ReconciliationRun


class EventFactory(DjangoModelFactory[Event]):
    class Meta:
        model = Event

    merchant_id = factory.LazyFunction(uuid7)
    subject_type = "orders.return"
    subject_id = factory.LazyFunction(uuid7)
    sequence = 1
    kind = "return.accepted"
    actor_kind = choices.Event.Actor.SYSTEM


class InboxMessageFactory(DjangoModelFactory[InboxMessage]):
    class Meta:
        model = InboxMessage

    merchant_id = factory.LazyFunction(uuid7)
    source = "shopify"
    account = "tienda-norte"
    event_id = factory.Sequence(lambda n: f"evt-{n}")
    topic = "orders/updated"
    body = factory.Sequence(lambda n: b'{"id": %d}' % n)
    body_hash = factory.LazyAttribute(lambda message: inbox.digest(message.body))


class JobRunFactory(DjangoModelFactory[JobRun]):
    class Meta:
        model = JobRun

    job = "apps.events.tasks.sweep_events"
    slot = factory.LazyFunction(clock.now)


class ReconciliationItemFactory(DjangoModelFactory[ReconciliationItem]):
    class Meta:
        model = ReconciliationItem

    query = "events.tried"
    invariant = "I-99"
    what = "a row is wrong"
    subject_type = "orders.order"
    subject = factory.LazyFunction(lambda: str(uuid7()))
    merchant_id = factory.LazyFunction(uuid7)
    first_seen_at = factory.LazyFunction(clock.now)
    opened_at = factory.SelfAttribute("first_seen_at")
    last_seen_at = factory.SelfAttribute("first_seen_at")


class ReconciliationRunFactory(DjangoModelFactory[ReconciliationRun]):
    class Meta:
        model = ReconciliationRun
