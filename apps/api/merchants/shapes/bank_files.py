"""Files of the bank and their entries as the dashboard shows them, from `.values()` rows."""

from collections.abc import Mapping
from typing import Any

from apps.api.merchants.shapes.payouts import person
from apps.core.money import Money

type Row = Mapping[str, Any]

FILE_COLUMNS = (
    "id",
    "kind",
    "message_id",
    "file_hash",
    "counts",
    "read_by__name",
    "read_by_id",
    "read_at",
    "created_at",
)
ENTRY_COLUMNS = (
    "id",
    "file_id",
    "position",
    "batch_reference",
    "end_to_end_id",
    "word",
    "code",
    "currency",
    "amount_minor",
    "outcome",
    "payment_id",
    "created_at",
)


def file_row(row: Row) -> dict[str, Any]:
    return {
        "id": row["id"],
        "kind": row["kind"],
        "message_id": row["message_id"],
        "file_sha256": row["file_hash"],
        "counts": row["counts"],
        "read_by": person(row, "read_by"),
        "read_at": row["read_at"],
        "created_at": row["created_at"],
    }


def entry_row(row: Row) -> dict[str, Any]:
    minor = row["amount_minor"]
    return {
        "id": row["id"],
        "file": row["file_id"],
        "position": row["position"],
        "batch_reference": row["batch_reference"],
        "end_to_end_id": row["end_to_end_id"],
        "word": row["word"],
        "code": row["code"],
        "amount": None if minor is None else Money(minor, row["currency"]),
        "outcome": row["outcome"],
        "refund": row["payment_id"],
        "created_at": row["created_at"],
    }
