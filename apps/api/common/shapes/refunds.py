"""Where money is that goes back, in the words that every host says."""

from collections.abc import Iterable
from typing import Any

from apps.core.money import Money
from apps.orders.calculator.replacing import Replacement
from apps.orders.calculator.tree import Json
from apps.payments import choices

Status = choices.Payment.Status
# What is told of each state; the most worrying of several payments is the whole's.
TOLD = {
    Status.FAILED: "failed",
    Status.CANCELLED: "failed",
    Status.RETURNED: "failed",
    Status.PENDING: "pending",
    Status.PROCESSING: "processing",
    Status.UNKNOWN: "processing",
    Status.SUCCEEDED: "succeeded",
}
WORST_FIRST = ("failed", "pending", "processing", "succeeded")
AWAITING, NONE = "awaiting", "none"


def worst(told: Iterable[str]) -> str | None:
    known = set(told)
    return next((status for status in WORST_FIRST if status in known), None)


def replacement_shape(replacement: Json, statuses: Iterable[str]) -> dict[str, Any] | None:
    """What is paid instead of new goods; `statuses` of the payments that pay its `amount`. What the
    shopper paid on top of the old goods goes back to where it came from, by payments of its own."""
    if replacement is None:
        return None
    paid = Replacement.from_json(replacement)
    return {
        "kind": paid.method,
        "amount": paid.refund,
        "paid_on_top": paid.back,
        "state": _state(paid.refund, statuses),
    }


def _state(amount: Money, statuses: Iterable[str]) -> str:
    found = worst(TOLD[Status(status)] for status in statuses)
    return found or (AWAITING if amount else NONE)
