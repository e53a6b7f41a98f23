"""Batches of bank transfers as the dashboard shows them, from `.values()` rows."""

from collections.abc import Mapping
from typing import Any

from apps.core.money import Money
from apps.payments.gateways.bank_transfer.models import BankTransferBatch, BankTransferItem

type Row = Mapping[str, Any]

BATCH_COLUMNS = (
    "id",
    "status",
    "currency",
    "total_minor",
    "transfers_count",
    "needs_second_person",
    "requested_by__name",
    "requested_by_id",
    "approved_by__name",
    "approved_by_id",
    "approved_at",
    "exported_at",
    "settled_at",
    "file_hash",
    "created_at",
    "updated_at",
)
TRANSFER_COLUMNS = (
    "id",
    "payment_id",
    "end_to_end_id",
    "currency",
    "amount_minor",
    "payment__status",
    "payment__failure_code",
    "payment__banktransferpayout__last_four",
    "payment__ret_id",
    "payment__ret__number",
    "payment__order_id",
    "payment__order__number",
)


def batch_row(row: Row) -> dict[str, Any]:
    return {
        "id": row["id"],
        "status": row["status"],
        "total": Money(row["total_minor"], row["currency"]),
        "transfers_count": row["transfers_count"],
        "needs_second_person": row["needs_second_person"],
        "requested_by": person(row, "requested_by"),
        "approved_by": person(row, "approved_by"),
        "approved_at": row["approved_at"],
        "exported_at": row["exported_at"],
        "settled_at": row["settled_at"],
        "file_sha256": row["file_hash"],
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
    }


def batch_detail(batch: BankTransferBatch) -> dict[str, Any]:
    """Two queries: the batch with its people, and its transfers with what they pay for."""
    batches = BankTransferBatch.objects.filter(pk=batch.pk)
    transfers = BankTransferItem.objects.filter(batch_id=batch.pk).order_by("id")
    shown = batch_row(batches.values(*BATCH_COLUMNS).get())
    shown["transfers"] = [transfer_row(row) for row in transfers.values(*TRANSFER_COLUMNS)]
    return shown


def transfer_row(row: Row) -> dict[str, Any]:
    return {
        "id": row["id"],
        "refund": row["payment_id"],
        "end_to_end_id": row["end_to_end_id"],
        "amount": Money(row["amount_minor"], row["currency"]),
        "status": row["payment__status"],
        "failure_code": row["payment__failure_code"],
        "account_last_four": row["payment__banktransferpayout__last_four"],
        "return": named(row, "payment__ret"),
        "order": named(row, "payment__order"),
    }


def person(row: Row, column: str) -> dict[str, Any] | None:
    """Who, or None: by id and name, never by e-mail."""
    if row[f"{column}_id"] is None:
        return None
    return {"id": row[f"{column}_id"], "name": row[f"{column}__name"]}


def named(row: Row, column: str) -> dict[str, Any] | None:
    """The return or order that a payment is about."""
    if row[f"{column}_id"] is None:
        return None
    return {"id": row[f"{column}_id"], "number": row[f"{column}__number"]}
