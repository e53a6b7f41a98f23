"""Writes Event rows in the running transaction and has them announced after its commit."""

from collections.abc import Iterable
from functools import cache
from uuid import UUID

from django.db import connection, models, transaction

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
    actor = actors.current()
    event = Event(
        merchant_id=merchant_id,
        subject_type=subject_type,
        subject_id=subject_id,
        kind=kind,
        payload=payload,
        actor_kind=actor.kind,
        actor_id=actor.id,
    )
    _write_next(event)
    transaction.on_commit(lambda: announcer.announce(event), robust=True)
    return event


def _write_next(event: Event) -> None:
    """After the subject's last event; its number is found and taken in one statement."""
    values = [
        field.get_db_prep_save(getattr(event, field.attname), connection)
        for field in Event._meta.concrete_fields
        if field.attname != "sequence"
    ]
    with connection.cursor() as cursor:
        cursor.execute(_statement(), (*values, event.subject_type, event.subject_id))
        ((event.sequence,),) = cursor.fetchall()
    event._state.adding, event._state.db = False, connection.alias


@cache
def _statement() -> str:
    told = [each.column for each in Event._meta.concrete_fields if each.attname != "sequence"]
    table, columns = Event._meta.db_table, ", ".join(f'"{each}"' for each in told)
    # Names of the table and its columns are the project's own.
    return (
        f'INSERT INTO "{table}" ({columns}, "sequence") VALUES ({", ".join(["%s"] * len(told))}, '  # noqa: S608
        f'(SELECT COALESCE(MAX("sequence"), 0) + 1 FROM "{table}" '
        'WHERE "subject_type" = %s AND "subject_id" = %s)) RETURNING "sequence"'
    )


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
