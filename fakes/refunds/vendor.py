"""What each vendor says in its own way; amounts are in minor units of two decimals."""

from dataclasses import dataclass
from typing import Any, Protocol

from fakes.psp.book import Book, Row
from fakes.psp.engine import Incoming
from fakes.psp.refusals import Refusal


@dataclass(frozen=True)
class Raw:
    """A call as it stands on the wire; header names in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class Vendor(Protocol):
    KEY_HEADER: str

    def owner(self, raw: Raw) -> str:
        """The credential that owns the account; raises Refusal where there is none."""

    def params(self, raw: Raw) -> Row:
        """`source`, `amount`, `currency` and `metadata.reference` of a refund; else empty."""

    def shown(self, row: Row) -> Row:
        """A refund of the book, as the vendor shows it."""

    def other(self, call: Incoming, book: Book, rows: list[Row]) -> Row:
        """Every call but the making of a refund; `rows` are the refunds that may be seen."""

    def refused(self, refusal: Refusal) -> Row: ...


def euros(minor: int) -> str:
    return f"{minor // 100}.{minor % 100:02d}"


def cents(value: Any) -> int:
    whole, _, part = str(value).partition(".")
    return int(whole) * 100 + int(part or 0)
