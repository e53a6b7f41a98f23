"""The traffic with shops as the dashboard shows it, from `.values()` rows."""

from collections.abc import Mapping
from typing import Any

from apps.integrations.managers import OrderSyncQuerySet, PlatformActionQuerySet

type Row = Mapping[str, Any]

SYNC_COLUMNS = (
    "id",
    "store__slug",
    "kind",
    "status",
    "since",
    "pages",
    "imported",
    "updated",
    "unchanged",
    "refused",
    "expected",
    "setbacks",
    "failures",
    "last_error",
    "next_at",
    "asked_at",
    "done_at",
    "created_at",
    "updated_at",
)
REFUSAL_COLUMNS = ("id", "external_id", "code", "detail")
ACTION_COLUMNS = (
    "id",
    "store__slug",
    "ret_id",
    "kind",
    "status",
    "reference",
    "external_id",
    "code",
    "why",
    "attempts",
    "next_at",
    "sent_at",
    "done_at",
    "created_at",
    "updated_at",
)
NAMES = {"store__slug": "store", "ret_id": "ret"}


def row(told: Row) -> dict[str, Any]:
    return {NAMES.get(name, name): value for name, value in told.items()}


def sync_shape(syncs: OrderSyncQuerySet) -> dict[str, Any]:
    return row(syncs.values(*SYNC_COLUMNS).get())


def action_shape(actions: PlatformActionQuerySet) -> dict[str, Any]:
    return row(actions.values(*ACTION_COLUMNS).get())
