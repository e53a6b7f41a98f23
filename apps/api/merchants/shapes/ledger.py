"""The books of a merchant as the dashboard shows them, from `.values()` rows."""

from collections.abc import Mapping
from typing import Any

from apps.core.findings import Finding
from apps.core.money import Money
from apps.events.modules.reconciliation.models import ReconciliationItem
from apps.payments import choices

type Row = Mapping[str, Any]

ACCOUNT_COLUMNS = ("id", "kind", "nature", "currency", "balance_minor", "updated_at")
TURNOVER_COLUMNS = ("kind", "nature", "currency", "opening_minor", "debit_minor", "credit_minor")
ENTRY_COLUMNS = (
    "id",
    "account__kind",
    "currency",
    "amount_minor",
    "transaction_id",
    "transaction__kind",
    "transaction__at",
    "transaction__source_type",
    "transaction__source_id",
    "transaction__reverses_id",
)
CREDIT = (choices.Ledger.Nature.LIABILITY, choices.Ledger.Nature.INCOME)


def account_row(row: Row) -> dict[str, Any]:
    return {
        **_account(row),
        "balance": _standing(row, row["balance_minor"]),
        "updated_at": row["updated_at"],
    }


def turnover_row(row: Row) -> dict[str, Any]:
    """Opening and closing as the account's nature reads them, debit and credit above zero."""
    opening, debit, credit = row["opening_minor"], row["debit_minor"], row["credit_minor"]
    return {
        **_account(row),
        "opening": _standing(row, opening),
        "debit": Money(debit, row["currency"]),
        "credit": Money(-credit, row["currency"]),
        "closing": _standing(row, opening + debit + credit),
    }


def entry_row(row: Row) -> dict[str, Any]:
    return {
        "id": row["id"],
        "at": row["transaction__at"],
        "account": row["account__kind"],
        "amount": Money(row["amount_minor"], row["currency"]),
        "kind": row["transaction__kind"],
        "transaction": row["transaction_id"],
        "reverses": row["transaction__reverses_id"],
        "source_type": row["transaction__source_type"],
        "source_id": row["transaction__source_id"],
    }


def finding_row(finding: Finding | ReconciliationItem) -> dict[str, str]:
    return {
        "invariant": finding.invariant,
        "what": finding.what,
        "subject": finding.subject,
    }


def _account(row: Row) -> dict[str, Any]:
    return {
        "account": row["kind"],
        "title": choices.Ledger.Account(row["kind"]).label,
        "nature": row["nature"],
        "currency": row["currency"],
    }


def _standing(row: Row, minor: int) -> Money:
    return Money(-minor if row["nature"] in CREDIT else minor, row["currency"])
