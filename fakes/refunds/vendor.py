"""What each vendor says in its own way; amounts are in minor units of two decimals."""

from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import parse_qsl

from fakes.psp.book import Book, Row
from fakes.psp.engine import Incoming
from fakes.psp.refusals import Refusal
from fakes.refunds.reports import Report


@dataclass(frozen=True)
class Raw:
    """A call as it stands on the wire; header names in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class Vendor(Protocol):
    KEY_HEADER: str
    # How the paths of its balance report begin.
    REPORTS: str

    def owner(self, raw: Raw) -> str:
        """The credential that owns the account; raises Refusal where there is none."""

    def params(self, raw: Raw) -> Row:
        """`source`, `amount`, `currency` and `metadata.reference` of a refund; else empty."""

    def shown(self, row: Row) -> Row:
        """A refund of the book, as the vendor shows it."""

    def other(self, call: Incoming, book: Book, rows: list[Row]) -> Row:
        """Every call but the making of a refund; `rows` are the refunds that may be seen."""

    def report(self, call: Incoming, report: Report) -> Any:
        """JSON, or text that goes out as it is; raises Refusal."""

    def refused(self, refusal: Refusal) -> Row: ...


def euros(minor: Any) -> str:
    """What is no number stays as it is."""
    if not isinstance(minor, int):
        return str(minor)
    sign = "-" if minor < 0 else ""
    return f"{sign}{abs(minor) // 100}.{abs(minor) % 100:02d}"


def query(call: Incoming) -> dict[str, str]:
    """The parameters of a GET."""
    return dict(parse_qsl(call.params["raw"].body.decode()))


def cents(value: Any) -> int:
    whole, _, part = str(value).partition(".")
    return int(whole) * 100 + int(part or 0)
