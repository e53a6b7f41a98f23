"""What the shopper pays before the return opens: how much, where, until when."""

from datetime import datetime
from typing import Any

from apps.api.returns.shapes.rows import Row
from apps.api.returns.texts.paying import PAYING
from apps.api.returns.texts.words import say
from apps.core.money import Money
from apps.orders import choices as orders
from apps.payments import choices

Status = choices.Payment.Status
TOLD = {
    Status.PENDING: "preparing",
    Status.PROCESSING: "preparing",
    Status.UNKNOWN: "preparing",
    Status.REQUIRES_ACTION: "open",
    Status.AUTHORISED: "processing",
    Status.SUCCEEDED: "paid",
    Status.DISPUTED: "paid",
    Status.PARTLY_REFUNDED: "given_back",
    Status.REFUNDED: "given_back",
    Status.FAILED: "closed",
    Status.CANCELLED: "closed",
    Status.VOIDED: "closed",
    Status.EXPIRED: "closed",
}


def is_waiting(row: Row) -> bool:
    return row["status"] == orders.Return.Status.REQUESTED and row["pay_until"] is not None


def payment_shape(row: Row, language: str) -> dict[str, Any] | None:
    """None for a return that costs nothing more."""
    if not row["due_minor"]:
        return None
    pages = row["page_rows"]
    status = TOLD[Status(pages[-1]["status"])] if pages else _without_a_page(row)
    amount = Money(row["due_minor"], row["currency"])
    shown = pages[-1] if status == "open" and is_waiting(row) else None
    return {
        "status": status,
        "text": say(PAYING, status, language, amount=amount),
        "amount": amount,
        "url": shown["url"] if shown else None,
        "expires_at": datetime.fromisoformat(shown["link_until"]) if shown else None,
    }


def _without_a_page(row: Row) -> str:
    return "preparing" if is_waiting(row) else "closed"
