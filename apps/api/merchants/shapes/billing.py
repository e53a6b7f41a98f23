"""Invoices, fees and the billing profile as the dashboard shows them."""

from collections.abc import Mapping
from typing import Any

from apps.billing.models import BillingProfile, Invoice, MerchantCard
from apps.billing.services.running import RunningMonth
from apps.core.money import Money

type Row = Mapping[str, Any]

INVOICE_COLUMNS = (
    "id",
    "kind",
    "code",
    "status",
    "period",
    "issued_on",
    "due_on",
    "currency",
    "net_minor",
    "vat_minor",
    "total_minor",
    "paid_minor",
    "credited_minor",
    "paid_at",
    "dunning",
    "updated_at",
)
LINE_COLUMNS = (
    "position",
    "kind",
    "description",
    "quantity",
    "currency",
    "unit_minor",
    "net_minor",
    "vat_rate",
    "vat_minor",
)
FEE_COLUMNS = (
    "id",
    "kind",
    "description",
    "currency",
    "amount_minor",
    "subject_type",
    "subject_id",
    "period",
    "occurred_at",
    "invoice_id",
    "invoice__code",
)


def invoice_row(row: Row) -> dict[str, Any]:
    due = row["total_minor"] - row["paid_minor"] - row["credited_minor"]
    return {
        "id": row["id"],
        "kind": row["kind"],
        "number": row["code"],
        "status": row["status"],
        "dunning": row["dunning"],
        "period": f"{row['period']:%Y-%m}" if row["period"] else "",
        "issued_on": row["issued_on"],
        "due_on": row["due_on"],
        **{name: _money(row, f"{name}_minor") for name in ("net", "vat", "total", "paid")},
        "credited": _money(row, "credited_minor"),
        "due": Money(due, row["currency"]),
        "paid_at": row["paid_at"],
        "updated_at": row["updated_at"],
    }


def invoice_detail(invoice: Invoice) -> dict[str, Any]:
    """Two queries: the invoice with its original, and its lines."""
    columns = (*INVOICE_COLUMNS, "original_id", "original__code", "reason", "notes", "buyer")
    row = Invoice.objects.filter(pk=invoice.pk).values(*columns).get()
    return {
        **invoice_row(row),
        "original": _numbered(row["original_id"], row["original__code"]),
        "reason": row["reason"],
        "notes": row["notes"],
        "buyer": row["buyer"],
        "lines": [_line(line) for line in invoice.lines.values(*LINE_COLUMNS)],
    }


def fee_row(row: Row) -> dict[str, Any]:
    return {
        "id": row["id"],
        "kind": row["kind"],
        "description": row["description"],
        "amount": _money(row, "amount_minor"),
        "subject_type": row["subject_type"],
        "subject_id": row["subject_id"],
        "period": f"{row['period']:%Y-%m}",
        "occurred_at": row["occurred_at"],
        "invoice": _numbered(row["invoice_id"], row["invoice__code"]),
    }


def running_shape(month: RunningMonth) -> dict[str, Any]:
    return {
        "period": f"{month.period:%Y-%m}",
        "plan": month.plan,
        "monthly": month.monthly,
        "minimum": month.minimum,
        "fees": [
            {"kind": part.kind, "quantity": part.quantity, "net": part.net} for part in month.parts
        ],
        "totals": list(month.totals),
    }


def card_shape(card: MerchantCard) -> dict[str, Any]:
    return {
        "brand": card.brand,
        "last4": card.last4,
        "expires": card.expires,
        "consented_at": card.consented_at,
        "consent_version": card.consent_version,
        "consent_text": card.consent_text,
    }


def profile_shape(profile: BillingProfile) -> dict[str, Any]:
    return {
        "legal_name": profile.legal_name,
        "address": {
            "street": profile.street,
            "city": profile.city,
            "postcode": profile.postcode,
            "country": profile.country,
        },
        "email": profile.email,
        "vat_number": profile.vat_number,
        "vat_treatment": profile.treatment,
        "currency": profile.currency,
        "language": profile.merchant.language,
        "method": profile.method,
        "account_last_four": profile.last_four,
        "mandate_id": profile.mandate_id,
        "mandate_signed_on": profile.mandate_signed_on,
        "is_complete": profile.is_complete,
    }


def _line(row: Row) -> dict[str, Any]:
    unit = row["unit_minor"]
    return {
        "position": row["position"],
        "kind": row["kind"],
        "description": row["description"],
        "quantity": row["quantity"],
        "unit": None if unit is None else _money(row, "unit_minor"),
        "net": _money(row, "net_minor"),
        "vat_rate": f"{row['vat_rate']:f}",
        "vat": _money(row, "vat_minor"),
    }


def _money(row: Row, column: str) -> Money:
    return Money(row[column], row["currency"])


def _numbered(key: object, number: str | None) -> dict[str, Any] | None:
    return None if key is None else {"id": key, "number": number}
