"""What happened, in words, with who did it."""

from typing import Any
from uuid import UUID

from django.db.models import Case, CharField, OuterRef, Subquery, UUIDField, Value, When
from django.db.models.functions import Cast

from apps.deliveries import choices as deliveries
from apps.events import choices
from apps.events.models import Event
from apps.orders import choices as orders
from apps.orders.modules.recoveries import choices as recoveries
from apps.payments import choices as payments
from apps.users.models import User

MOST_EVENTS = 200
PEOPLE = (choices.Event.Actor.MERCHANT, choices.Event.Actor.STAFF)
WORDS: dict[str, str] = {
    **dict(orders.Event.choices),
    **dict(recoveries.Event.choices),
    **dict(payments.Event.choices),
    **dict(deliveries.Event.choices),
}
COLUMNS = ("id", "sequence", "kind", "payload", "actor_kind", "actor_id", "actor_name", "at")


def timeline(subject_type: str, subject_id: UUID) -> list[dict[str, Any]]:
    """The last 200 events, oldest first, in one query with the names of the people."""
    # CASE keeps the cast from ids of actors that are no users.
    person = User.objects.filter(pk=Cast(OuterRef("actor_id"), UUIDField())).values("name")[:1]
    name = Case(
        When(actor_kind__in=PEOPLE, then=Subquery(person)),
        default=Value(""),
        output_field=CharField(),
    )
    events = Event.objects.about(subject_type, subject_id).annotate(actor_name=name)
    last = events.order_by("-sequence").values(*COLUMNS)[:MOST_EVENTS]
    return [_event(row) for row in reversed(last)]


def _event(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": row["id"],
        "sequence": row["sequence"],
        "kind": row["kind"],
        "text": WORDS.get(row["kind"], row["kind"]),
        "actor": {
            "kind": row["actor_kind"],
            "id": row["actor_id"],
            "name": row["actor_name"] or "",
        },
        "details": row["payload"],
        "at": row["at"],
    }
