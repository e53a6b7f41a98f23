"""What names a person is taken out of events and webhooks; that they happened stays."""

from collections.abc import Iterable, Mapping
from uuid import UUID

import pgtrigger
from django.db.models import Q, QuerySet

from apps.core.mentions import mentioning
from apps.events import choices
from apps.events.models import Event, InboxMessage

# Words of people, and ends of their accounts and cards; all else is ids, codes, sums and times.
PERSONAL = ("reason", "last_four", "last4", "brand")
FACTS = "events.Event:events_event_facts"
Status = choices.InboxMessage.Status


def forget_words(subjects: Mapping[str, Iterable[UUID]]) -> int:
    """Of events about these, the one exception to "never rewritten"; how many had any."""
    about = Q(pk__in=[])
    for label, ids in subjects.items():
        about |= Q(subject_type=label, subject_id__in=list(ids))
    named = Event.objects.filter(about, payload__has_any_keys=PERSONAL)
    told = list(named.only("payload"))
    for event in told:
        event.payload = {k: v for k, v in event.payload.items() if k not in PERSONAL}
    with pgtrigger.ignore(FACTS):
        return Event.objects.bulk_update(told, ["payload"], batch_size=500) if told else 0


def naming(messages: QuerySet[InboxMessage], names: Iterable[str]) -> list[UUID]:
    """Ids of those with a body that names somebody."""
    return mentioning(messages.exclude(body=b""), "body", names)


def on_their_way(messages: QuerySet[InboxMessage]) -> bool:
    """Whether one of them is not read yet."""
    return messages.filter(status=Status.WAITING).exists()


def forget_bodies(messages: QuerySet[InboxMessage]) -> int:
    """Of those that were read or given up; ids and hashes stay, so that none is heard again."""
    read = messages.exclude(status=Status.WAITING).exclude(body=b"")
    return read.update(body=b"", last_error="")
