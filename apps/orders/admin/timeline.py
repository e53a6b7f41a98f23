"""What happened, in words, with who did it."""

from collections.abc import Mapping
from uuid import UUID

from django.db.models import QuerySet
from django.utils.safestring import SafeString

from apps.core.admin import table
from apps.events import choices
from apps.events.models import Event
from apps.users.models import User

MOST_EVENTS = 200
PEOPLE = (choices.Event.Actor.MERCHANT, choices.Event.Actor.STAFF)
HEADS = ("When", "What", "Details", "Who")


def timeline(events: QuerySet[Event], words: Mapping[str, str]) -> SafeString:
    """The last 200 events, oldest first, in two queries; `words` maps a kind to its sentence."""
    last = list(events.order_by("-at", "-sequence")[:MOST_EVENTS])[::-1]
    people = {each.actor_id for each in last if each.actor_kind in PEOPLE and each.actor_id}
    names = {str(user.pk): user.email for user in User.objects.filter(pk__in=people)}
    rows = (
        (
            f"{each.at:%Y-%m-%d %H:%M:%S}",
            words.get(each.kind, each.kind),
            facts(each.payload),
            " ".join((each.get_actor_kind_display(), names.get(each.actor_id, ""))),
        )
        for each in last
    )
    return table(HEADS, rows)


def facts(payload: Mapping[str, object]) -> str:
    """`net 12.00 EUR · outcome accepted`; ids are left out, they say nothing to a person."""
    rest = {name: value for name, value in payload.items() if value and not _is_id(value)}
    if currency := rest.pop("currency", ""):
        rest["amount"] = f"{rest.get('amount')} {currency}"
    return " · ".join(f"{name.replace('_', ' ')} {_said(rest[name])}" for name in sorted(rest))


def _said(value: object) -> str:
    if isinstance(value, Mapping):
        return " ".join(str(part) for part in value.values())
    if isinstance(value, list):
        return ", ".join(map(str, value))
    said = str(value)
    return said.replace("_", " ") if said.isidentifier() else said


def _is_id(value: object) -> bool:
    try:
        return bool(UUID(str(value)))
    except ValueError:
        return False
