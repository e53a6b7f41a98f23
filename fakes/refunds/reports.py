"""The balance report of a vendor's fake: what moved in an account, as its log has it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from fakes.psp.book import Row, Tables


@dataclass(frozen=True)
class Line:
    """`kind` is charge, refund, refund_failure or none that anybody knows; below zero money left.

    `amount` is in minor units of two decimals, or text that is no number.
    """

    id: str
    kind: str
    amount: Any
    currency: str
    at: datetime
    refund: str
    payment: str
    reference: str


def line_of(tables: Tables, row: Row) -> Line:
    refund = tables.refunds.get(row["source"], {})
    return Line(
        id=row["id"],
        kind=row["type"],
        amount=row["amount"],
        currency=row["currency"].upper(),
        at=datetime.fromtimestamp(row["created"], UTC),
        refund=row["source"],
        payment=refund.get("payment_intent", ""),
        reference=(refund.get("metadata") or {}).get("reference", ""),
    )


@dataclass(frozen=True)
class Report:
    """Oldest first; `is_late`: the vendor has not got it ready."""

    lines: list[Line]
    now: datetime
    is_late: bool
