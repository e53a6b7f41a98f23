"""Writes Event rows in the running transaction and has them announced after its commit."""

from collections.abc import Iterable
from uuid import UUID

from django.db import models, transaction
from django.db.models import Max

from apps.core.bulk import columns_of, insert
from apps.core.errors import Detail
from apps.events import actors, announcer
from apps.events.models import Event


class RecordsEvents(models.Model):
    """A noun whose verbs tell what happened; `merchant_id` and `pk` name the subject."""

    class Meta:
        abstract = True

    def record(self, kind: str, **payload: Detail) -> Event:
        merchant_id = getattr(self, "merchant_id", self.pk)
        return record(self._meta.label_lower, self.pk, merchant_id, kind, payload)

    @property
    def timeline(self) -> models.QuerySet[Event]:
        return Event.objects.about(self._meta.label_lower, self.pk)


def record(
    subject_type: str, subject_id: UUID, merchant_id: UUID, kind: str, payload: dict[str, Detail]
) -> Event:
    """Call it inside a transaction that holds the subject's lock, so that sequences have no gap."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("an event is recorded in the transaction of its change")
    last = Event.objects.about(subject_type, subject_id).aggregate(last=Max("sequence"))["last"]
    actor = actors.current()
    event = Event(
        merchant_id=merchant_id,
        subject_type=subject_type,
        subject_id=subject_id,
        sequence=(last or 0) + 1,
        kind=kind,
        payload=payload,
        actor_kind=actor.kind,
        actor_id=actor.id,
    )
    event.save(force_insert=True)
    transaction.on_commit(lambda: announcer.announce(event), robust=True)
    return event


def record_first(
    subject_type: str, merchant_id: UUID, kind: str, told: Iterable[tuple[UUID, dict[str, Detail]]]
) -> None:
    """The first event of each subject, all of them made in this transaction; two statements."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("an event is recorded in the transaction of its change")
    actor = actors.current()
    events = [
        Event(
            merchant_id=merchant_id,
            subject_type=subject_type,
            subject_id=subject_id,
            sequence=1,
            kind=kind,
            payload=payload,
            actor_kind=actor.kind,
            actor_id=actor.id,
        )
        for subject_id, payload in told
    ]
    insert(Event, [columns_of(event) for event in events])
    transaction.on_commit(lambda: announcer.announce_all(events), robust=True)
