"""Payments to shoppers and store credit as the dashboard shows them, from `.values()` rows."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Subquery

from apps.api.merchants.shapes.payouts import named, person
from apps.core.money import Money
from apps.events.models import Event
from apps.payments.gateways.bank_transfer.models import BankTransferItem
from apps.payments.gateways.store_credit.models import StoreCreditAccount, StoreCreditMovement
from apps.payments.mixins.books import SUBJECT
from apps.payments.models import Payment

type Row = Mapping[str, Any]

REFUND_COLUMNS = (
    "id",
    "store__slug",
    "status",
    "gateway",
    "purpose",
    "currency",
    "amount_minor",
    "generation",
    "provider_ref",
    "failure_code",
    "needs_second_person",
    "requested_by_id",
    "requested_by__name",
    "approved_by_id",
    "approved_by__name",
    "approved_at",
    "submitted_at",
    "settled_at",
    "replaces_id",
    "ret_id",
    "ret__number",
    "order_id",
    "order__number",
    "manualrefund__reference",
    "manualrefund__note",
    "shopcreditrefund__credit_id",
    "shopcreditrefund__voided_at",
    "banktransferpayout__last_four",
    "created_at",
    "updated_at",
)
CREDIT_COLUMNS = (
    "id",
    "store__slug",
    "code_hint",
    "currency",
    "balance_minor",
    "issued_minor",
    "spent_minor",
    "voided_minor",
    "expired_minor",
    "expires_at",
    "voided_at",
    "expired_at",
    "ret_id",
    "ret__number",
    "customer_id",
    "created_at",
    "updated_at",
)


def refund_row(row: Row) -> dict[str, Any]:
    return {
        "id": row["id"],
        "store": row["store__slug"],
        "status": row["status"],
        "gateway": row["gateway"],
        "purpose": row["purpose"],
        "amount": Money(row["amount_minor"], row["currency"]),
        "generation": row["generation"],
        "reference": row["manualrefund__reference"]
        or row["shopcreditrefund__credit_id"]
        or row["provider_ref"],
        "note": row["manualrefund__note"] or "",
        "failure_code": row["failure_code"],
        "voided_at": row["shopcreditrefund__voided_at"],
        "account_last_four": row["banktransferpayout__last_four"] or "",
        "needs_second_person": row["needs_second_person"],
        "requested_by": person(row, "requested_by"),
        "approved_by": person(row, "approved_by"),
        "approved_at": row["approved_at"],
        "submitted_at": row["submitted_at"],
        "settled_at": row["settled_at"],
        "replaces": row["replaces_id"],
        "return": named(row, "ret"),
        "order": named(row, "order"),
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
    }


def refund_detail(pk: UUID) -> dict[str, Any]:
    """Three queries: the payment with its successor, its batches, its events."""
    payments = Payment.objects.non_polymorphic()
    successors = payments.filter(replaces_id=OuterRef("pk")).order_by("pk").values("pk")[:1]
    with_successor = payments.annotate(successor=Subquery(successors)).filter(pk=pk)
    row = with_successor.values(*REFUND_COLUMNS, "successor").get()
    shown = refund_row(row)
    shown["replaced_by"] = row["successor"]
    batches = BankTransferItem.objects.filter(payment_id=pk).order_by("id")
    shown["payouts"] = list(batches.values_list("batch_id", flat=True))
    events = Event.objects.about(SUBJECT, pk).values("kind", "at", "payload")
    shown["timeline"] = [
        {"kind": event["kind"], "at": event["at"], "facts": event["payload"]} for event in events
    ]
    return shown


def credit_row(row: Row, at: datetime) -> dict[str, Any]:
    currency = row["currency"]
    return {
        "id": row["id"],
        "store": row["store__slug"],
        "code": masked(row["code_hint"]),
        "state": credit_state(row, at),
        "balance": Money(row["balance_minor"], currency),
        "issued": Money(row["issued_minor"], currency),
        "spent": Money(row["spent_minor"], currency),
        "voided": Money(row["voided_minor"], currency),
        "expired": Money(row["expired_minor"], currency),
        "expires_at": row["expires_at"],
        "voided_at": row["voided_at"],
        "expired_at": row["expired_at"],
        "return": named(row, "ret"),
        "customer": row["customer_id"],
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
    }


def credit_detail(pk: UUID, at: datetime) -> dict[str, Any]:
    """Two queries: the account, its movements."""
    row = StoreCreditAccount.objects.filter(pk=pk).values(*CREDIT_COLUMNS).get()
    shown = credit_row(row, at)
    movements = StoreCreditMovement.objects.filter(account_id=pk).order_by("id")
    columns = ("kind", "reference", "amount_minor", "currency", "at", "payment_id")
    shown["movements"] = [movement_row(each) for each in movements.values(*columns)]
    return shown


def movement_row(row: Row) -> dict[str, Any]:
    return {
        "kind": row["kind"],
        "reference": row["reference"],
        "amount": Money(row["amount_minor"], row["currency"]),
        "refund": row["payment_id"],
        "at": row["at"],
    }


def credit_state(row: Row, at: datetime) -> str:
    """Run out counts as expired also before the hourly task has closed it."""
    if row["voided_at"] is not None:
        return "voided"
    return "expired" if row["expired_at"] or row["expires_at"] <= at else "open"


def masked(hint: str) -> str:
    """The whole code is money: only its last four are ever shown to staff."""
    return f"****-****-****-{hint}"
