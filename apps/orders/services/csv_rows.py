"""Rows of an order CSV as shops export it: separator, byte-order mark, decimal comma as found."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from apps.core.errors import DomainError
from apps.core.reports import Issue

MAX_BYTES = 5_000_000
MAX_ROWS = 20_000
MAX_CELL = 40
MAX_QUANTITY = 1_000_000
MAX_PRICE = Decimal(10_000_000)
FIRST_YEAR, LAST_YEAR = 1990, 2099
# Columns of the database; a longer number cut short would be another order's.
LONGEST = {
    "number": 60,
    "sku": 80,
    "title": 255,
    "customer": 80,
    "country": 60,
    "email": 254,
    "postcode": 20,
}
_WHOLE = re.compile(r"-?[0-9]{1,12}")
_PRICE = re.compile(r"-?[0-9]{1,12}([.,][0-9]{1,10})?")
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

    @property
    def buyer(self) -> str:
        """What the shop knows the customer by; "" for a stranger."""
        return self.customer or self.email.lower()


class Refused(Exception):
    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def read_rows(content: bytes, zone: ZoneInfo) -> Iterator[Row | Issue]:
    """One Row or one refused Issue for each line of data; raises UnreadableFile for the whole."""
    text = _text(content)
    lines = _lines(text)
    names = _names(next(lines, (1, []))[1])
    for count, (number, cells) in enumerate(lines, start=1):
        if count > MAX_ROWS:
            raise UnreadableFile(reason="too_many_rows", limit=MAX_ROWS)
        if not any(cell.strip() for cell in cells):
            continue
        try:
            yield _row(number, names, cells, zone)
        except Refused as refusal:
            yield Issue(number, "refused", refusal.code, str(refusal)[:300])


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Cells with the line of the file where their row begins; quoted cells may span lines."""
    reader = csv.reader(io.StringIO(text, newline=""), _dialect(text))
    begins = 1
    try:
        for cells in reader:
            yield begins, cells
            begins = reader.line_num + 1
    except csv.Error as error:
        raise UnreadableFile(reason="csv", line=begins, message=str(error)[:100]) from None


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
    unknown = [cell[:40] for cell, name in zip(header, names, strict=True) if not name]
    missing = sorted(REQUIRED - set(names))
    if missing or unknown or len(set(names)) != len(names):
        raise UnreadableFile(reason="columns", missing=[*missing], unknown=[*unknown][:20])
    return names


def _row(line_number: int, names: list[str], cells: list[str], zone: ZoneInfo) -> Row:
    values = _values(names, cells)
    return Row(
        line_number=line_number,
        number=values["number"],
        sku=values["sku"],
        title=values["title"] or values["sku"],
        quantity=_quantity(values["quantity"]),
        placed_at=_moment(values["placed_at"], zone),
        unit_price=_price(values["unit_price"]),
        customer=values.get("customer", ""),
        country=values.get("country", ""),
        email=values.get("email", ""),
        postcode=values.get("postcode", ""),
    )


def _values(names: list[str], cells: list[str]) -> dict[str, str]:
    if len(cells) != len(names):
        raise Refused("wrong_columns", f"{len(cells)} cells instead of {len(names)}")
    values = {name: cell.strip() for name, cell in zip(names, cells, strict=True)}
    for name in ("number", "sku"):
        if not values[name]:
            raise Refused(f"{name}_missing", f"The row has no {name}")
    for name, value in values.items():
        if len(value) > LONGEST.get(name, MAX_CELL):
            raise Refused(f"{name}_too_long", f"More than {LONGEST.get(name, MAX_CELL)} characters")
    return values


def _quantity(text: str) -> int:
    if not _WHOLE.fullmatch(text):
        raise Refused("quantity_not_whole", f"{text[:40]!r} is not a whole number")
    quantity = int(text)
    if quantity == 0 or abs(quantity) > MAX_QUANTITY:
        raise Refused("quantity_out_of_range", f"A quantity of {text} makes no order line")
    return quantity


def _price(text: str) -> Decimal:
    """A decimal comma or point, and no thousands: `1.234` could be either."""
    if not _PRICE.fullmatch(text):
        raise Refused("price_not_a_number", f"{text[:40]!r} is not a price")
    price = Decimal(text.replace(",", "."))
    if not 0 <= price <= MAX_PRICE:
        raise Refused("price_out_of_range", f"{text} is not a price")
    return price


def _moment(text: str, zone: ZoneInfo) -> datetime:
    for form in DATE_FORMATS:
        try:
            parsed = datetime.strptime(text, form)  # noqa: DTZ007 -- the zone is the store's
        except ValueError:
            continue
        if FIRST_YEAR <= parsed.year <= LAST_YEAR:
            return parsed if parsed.tzinfo else parsed.replace(tzinfo=zone)
    raise Refused("date_unknown", f"{text[:40]!r} is not a date like 31/12/2010 08:26")
