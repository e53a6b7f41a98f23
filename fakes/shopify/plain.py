"""Ids and money as Shopify writes them."""

from fractions import Fraction
from typing import Any

from fakes.shops.figures import Row, text


def gid(kind: str, id: Any) -> str:  # noqa: A002
    return f"gid://shopify/{kind}/{id}"


def id_of(gid: str) -> str:
    return gid.rpartition("/")[2]


def money(minor: int, currency: str) -> Row:
    return {"amount": text(minor, currency), "currencyCode": currency}


def shown(minor: int, order: Row) -> int:
    """In the shopper's currency, to its nearest unit, halves up."""
    exact = Fraction(minor) * Fraction(order["presentment_rate"] or 1)
    return int(exact + Fraction(1, 2))


def bag(minor: int, order: Row, presented: int | None = None) -> Row:
    currency = order["presentment_currency"] or order["currency"]
    other = shown(minor, order) if presented is None else presented
    return {
        "shopMoney": money(minor, order["currency"]),
        "presentmentMoney": money(other, currency),
    }
