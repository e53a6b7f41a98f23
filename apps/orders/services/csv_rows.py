"""Rows of an order CSV as shops export it: separator, byte-order mark, decimal comma as found."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from apps.core.errors import DomainError
from apps.core.reports import Issue

MAX_BYTES = 5_000_000
MAX_ROWS = 20_000
MAX_CELL = 10_000
MAX_QUANTITY = 1_000_000
MAX_PRICE = Decimal(10_000_000)
COLUMNS = {
    "invoiceno": "number",
    "order_number": "number",
    "stockcode": "sku",
    "sku": "sku",
    "description": "title",
    "title": "title",
    "quantity": "quantity",
    "invoicedate": "placed_at",
    "placed_at": "placed_at",
    "unitprice": "unit_price",
    "unit_price": "unit_price",
    "customerid": "customer",
    "customer_id": "customer",
    "country": "country",
    "email": "email",
    "postcode": "postcode",
}
REQUIRED = frozenset({"number", "sku", "title", "quantity", "placed_at", "unit_price"})
DATE_FORMATS = ("%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S%z")


class UnreadableFile(DomainError):
    code = "unreadable_file"
    title = "The file cannot be read as a CSV of orders"
    status = 400


@dataclass(frozen=True, slots=True)
class Row:
    """`quantity` is negative on a credit note; `unit_price` has as many decimals as the file."""

    line_number: int
    number: str
    sku: str
    title: str
    quantity: int
    placed_at: datetime
    unit_price: Decimal
    customer: str
    country: str
    email: str
    postcode: str


class Refused(Exception):
    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def read_rows(content: bytes, zone: ZoneInfo) -> Iterator[Row | Issue]:
    """One Row or one refused Issue for each line of data; raises UnreadableFile for the whole."""
    reader = csv.reader(io.StringIO(_text(content), newline=""), _dialect(_text(content)))
    names = _names(next(reader, []))
    for count, cells in enumerate(reader, start=1):
        if count > MAX_ROWS:
            raise UnreadableFile(reason="too_many_rows", limit=MAX_ROWS)
        if not any(cell.strip() for cell in cells):
            continue
        try:
            yield _row(reader.line_num, names, cells, zone)
        except Refused as refusal:
            yield Issue(reader.line_num, "refused", refusal.code, str(refusal)[:300])


def _text(content: bytes) -> str:
    if len(content) > MAX_BYTES:
        raise UnreadableFile(reason="too_large", limit=MAX_BYTES)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableFile(reason="not_utf8", byte=error.start) from None
    if "\x00" in text:
        raise UnreadableFile(reason="nul_byte")
    return text


def _dialect(text: str) -> type[csv.excel]:
    header = text.partition("\n")[0]

    class Found(csv.excel):
        delimiter = max(";,\t", key=header.count)

    return Found


def _names(header: list[str]) -> list[str]:
    names = [COLUMNS.get(cell.strip().lower().replace(" ", "_"), "") for cell in header]
    unknown = [cell for cell, name in zip(header, names, strict=True) if not name]
    missing = sorted(REQUIRED - set(names))
    if missing or unknown or len(set(names)) != len(names):
        raise UnreadableFile(reason="columns", missing=[*missing], unknown=[*unknown][:20])
    return names


def _row(line_number: int, names: list[str], cells: list[str], zone: ZoneInfo) -> Row:
    if len(cells) != len(names):
        raise Refused("wrong_columns", f"{len(cells)} cells instead of {len(names)}")
    if any(len(cell) > MAX_CELL for cell in cells):
        raise Refused("cell_too_long", f"A cell has more than {MAX_CELL} characters")
    values = {name: cell.strip() for name, cell in zip(names, cells, strict=True)}
    for name in ("number", "sku"):
        if not values[name]:
            raise Refused(f"{name}_missing", f"The row has no {name}")
    return Row(
        line_number=line_number,
        number=values["number"][:60],
        sku=values["sku"][:80],
        title=values["title"] or values["sku"],
        quantity=_quantity(values["quantity"]),
        placed_at=_moment(values["placed_at"], zone),
        unit_price=_price(values["unit_price"]),
        customer=values.get("customer", "")[:80],
        country=values.get("country", ""),
        email=values.get("email", ""),
        postcode=values.get("postcode", ""),
    )


def _quantity(text: str) -> int:
    try:
        quantity = int(text)
    except ValueError:
        raise Refused("quantity_not_whole", f"{text[:40]!r} is not a whole number") from None
    if quantity == 0 or abs(quantity) > MAX_QUANTITY:
        raise Refused("quantity_out_of_range", f"A quantity of {text[:40]} makes no order line")
    return quantity


def _price(text: str) -> Decimal:
    try:
        price = Decimal(text.replace(",", ".") if text.count(",") == 1 else text)
    except InvalidOperation:
        raise Refused("price_not_a_number", f"{text[:40]!r} is not a price") from None
    if not price.is_finite() or not 0 <= price <= MAX_PRICE:
        raise Refused("price_out_of_range", f"{text[:40]} is not a price")
    return price


def _moment(text: str, zone: ZoneInfo) -> datetime:
    for form in DATE_FORMATS:
        try:
            parsed = datetime.strptime(text, form)  # noqa: DTZ007 -- the zone is the store's
        except ValueError:
            continue
        return parsed if parsed.tzinfo else parsed.replace(tzinfo=zone)
    raise Refused("date_unknown", f"{text[:40]!r} is not a date like 31/12/2010 08:26")
