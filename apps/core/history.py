"""What pghistory's triggers kept of a row: every version, with who and where."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models

HIDDEN = frozenset({"updated_at"})


@dataclass(frozen=True, slots=True)
class Change:
    """`fields` maps a column to its values before and after; empty for the first version."""

    at: datetime
    label: str
    actor: str
    url: str
    fields: dict[str, tuple[Any, Any]]


def is_tracked(model: type[models.Model]) -> bool:
    return hasattr(model, "pgh_event_models")


def versions_of(row: models.Model) -> models.QuerySet[Any]:
    """Oldest first; the model must be decorated with `pghistory.track()`."""
    events: Any = type(row)._meta.get_field("events").related_model
    kept: models.QuerySet[Any] = events.objects.filter(pgh_obj=row).order_by("pgh_id")
    return kept.select_related("pgh_context")


def changes_of(row: models.Model, limit: int = 50) -> list[Change]:
    """The newest `limit` changes, newest first, in one query."""
    newest = list(versions_of(row).reverse()[: limit + 1])
    changes = list(_compare(newest))
    return changes[:limit]


def _compare(newest: list[Any]) -> Iterator[Change]:
    for version, before in zip(newest, [*newest[1:], None], strict=True):
        context = version.pgh_context.metadata if version.pgh_context else {}
        yield Change(
            at=version.pgh_created_at,
            label=version.pgh_label,
            actor=str(context.get("actor") or context.get("user") or ""),
            url=str(context.get("url") or ""),
            fields=_difference(before, version),
        )


def _difference(before: Any, after: Any) -> dict[str, tuple[Any, Any]]:
    if before is None:
        return {}
    names = [
        field.attname
        for field in after._meta.concrete_fields
        if not field.attname.startswith("pgh_") and field.attname not in HIDDEN
    ]
    pairs = {name: (getattr(before, name), getattr(after, name)) for name in names}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
