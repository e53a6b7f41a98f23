"""PayPal's Transaction Search into movements of refunds: pure."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from apps.core.money import Money
from apps.payments.dtos import Movement
from apps.payments.gateways.base import UnknownKind, utc_of
from apps.payments.refusals import NoAnswer

REFUND = "T1107"
# Groups of event codes that are about no refund: payments, fees, transfers, holds and so on.
GROUPS = frozenset(f"T{group:02d}" for group in range(23)) - {"T11"}
# Of the group of reversals: those of deposits, fees, holds and payouts.
REVERSALS = frozenset(f"T11{kind:02d}" for kind in range(18)) - {REFUND}
DONE, REVERSED = "S", "V"
# Nothing has moved: it waits, or was denied.
STILL = ("P", "D")

type Line = tuple[str, Any]
type Page = tuple[list[Line], datetime]


def asked(since: datetime, until: datetime, page: int, size: int) -> dict[str, str]:
    """PayPal counts pages from one, and takes the last second in."""
    return {
        "start_date": f"{since:%Y-%m-%dT%H:%M:%SZ}",
        "end_date": f"{until - timedelta(seconds=1):%Y-%m-%dT%H:%M:%SZ}",
        "fields": "transaction_info",
        "page_size": str(size),
        "page": str(page),
    }


def page_of(told: Any) -> tuple[list[Line], int, datetime]:
    """Lines by their name, the number of pages, and until when PayPal has told everything.

    Raises NoAnswer for a body that is none.
    """
    try:
        rows = [(_name(row), row) for row in told["transaction_details"]]
        return rows, int(told["total_pages"]), utc_of(told["last_refreshed_datetime"])
    except (KeyError, TypeError, ValueError) as error:
        raise NoAnswer from error


def movements_of(row: Any) -> Iterator[Movement]:
    """One that was taken back has left, and come back when it was last changed."""
    info = row["transaction_info"]
    kind = str(info["transaction_event_code"])
    if kind[:3] in GROUPS or kind in REVERSALS:
        return
    status = str(info["transaction_status"])
    if kind != REFUND or status not in (DONE, REVERSED, *STILL):
        raise UnknownKind(kind if kind != REFUND else f"{kind} {status}")
    if status in STILL:
        return
    money, refund = info["transaction_amount"], str(info["transaction_id"])
    amount = Money.of(money["value"], money["currency_code"])
    yield Movement(refund, amount, utc_of(info["transaction_initiation_date"]))
    if status == REVERSED:
        yield Movement(refund, -amount, utc_of(info["transaction_updated_date"]))


def _name(row: Any) -> str:
    info = row.get("transaction_info") if isinstance(row, dict) else None
    return str((info or {}).get("transaction_id") or "without an id")
