"""Invoices of a CSV as order snapshots: articles, postage and discounts told apart."""

import re
from collections import Counter
from collections.abc import Sequence

from apps.core.money import Money
from apps.integrations.dtos import (
    Address,
    CustomerSnapshot,
    DiscountSnapshot,
    LineSnapshot,
    OrderSnapshot,
    ShippingSnapshot,
)
from apps.orders.services.csv_rows import Row

SHIPPING_CODES = frozenset({"POST", "DOT", "C2", "SHIPPING"})
DISCOUNT_CODES = frozenset({"D", "DISCOUNT"})
SERVICE_CODES = frozenset({"M", "BANK CHARGES", "S", "AMAZONFEE", "CRUK", "PADS"})
CREDIT_NOTE = "C"
COUNTRIES = {
    "United Kingdom": "GB",
    "Germany": "DE",
    "EIRE": "IE",
    "Ireland": "IE",
    "France": "FR",
    "Norway": "NO",
    "Lithuania": "LT",
    "Italy": "IT",
    "Japan": "JP",
    "Australia": "AU",
    "Belgium": "BE",
    "Poland": "PL",
    "Portugal": "PT",
    "Switzerland": "CH",
    "Spain": "ES",
    "Netherlands": "NL",
    "Austria": "AT",
    "Denmark": "DK",
    "Finland": "FI",
    "Sweden": "SE",
    "USA": "US",
}


_CODE = re.compile(r"[A-Z]{2}")


def is_credit_note(number: str) -> bool:
    return number.upper().startswith(CREDIT_NOTE)


def is_article(row: Row) -> bool:
    return row.sku.upper() not in SHIPPING_CODES | DISCOUNT_CODES


def country_code(name: str) -> str:
    """ISO 3166 alpha-2 of a name or code; "" for one that is not known."""
    if name in COUNTRIES:
        return COUNTRIES[name]
    code = name.upper()
    return code if _CODE.fullmatch(code) else ""


def line_total(row: Row, currency: str) -> Money:
    """Quantity times price, half-up once for the whole line."""
    return Money.rounded(row.unit_price * abs(row.quantity), currency)


def snapshot(rows: Sequence[Row], currency: str) -> OrderSnapshot:
    """`rows` are the positive ones of one invoice and its discount rows, in the file's order."""
    first = rows[0]
    articles = [row for row in rows if is_article(row)]
    totals = [line_total(row, currency) for row in articles]
    discounts = _spread(rows, totals, currency)
    lines = tuple(
        _line(row, external_id, total, off)
        for row, external_id, total, off in zip(
            articles, _line_ids(articles), totals, discounts, strict=True
        )
    )
    shipping = tuple(
        ShippingSnapshot(row.title, line_total(row, currency), Money.zero(currency))
        for row in rows
        if row.sku.upper() in SHIPPING_CODES
    )
    total = Money.total([*(x.total for x in lines), *(x.total for x in shipping)], currency)
    return OrderSnapshot(
        external_id=first.number,
        number=first.number,
        currency=currency,
        placed_at=first.placed_at,
        tax_included=True,
        total=total,
        lines=lines,
        shipping=shipping,
        customer=CustomerSnapshot(email=first.email, external_id=first.customer),
        shipping_address=Address(postcode=first.postcode, country=country_code(first.country)),
        delivered_at=first.placed_at,
    )


def _spread(rows: Sequence[Row], totals: list[Money], currency: str) -> list[Money]:
    """Discount rows over the articles by value, largest remainder (money rule 2)."""
    off = [line_total(row, currency) for row in rows if row.sku.upper() in DISCOUNT_CODES]
    whole = Money.total(off, currency).capped(Money.total(totals, currency))
    return whole.allocate([total.minor for total in totals]) if totals else []


def _line_ids(articles: Sequence[Row]) -> list[str]:
    """Article and how often it came before: the same in every file that holds the invoice."""
    seen = Counter[str]()
    ids = []
    for row in articles:
        sku = row.sku[:70]
        seen[sku] += 1
        ids.append(f"{sku}-{seen[sku]}")
    return ids


def _line(row: Row, external_id: str, total: Money, off: Money) -> LineSnapshot:
    currency = total.currency
    return LineSnapshot(
        external_id=external_id,
        title=row.title,
        quantity=row.quantity,
        unit_price=Money.rounded(row.unit_price, currency),
        total=total - off,
        tax=Money.zero(currency),
        sku=row.sku,
        discounts=(DiscountSnapshot("Discount", off),) if off else (),
        is_returnable=row.sku.upper() not in SERVICE_CODES,
    )
