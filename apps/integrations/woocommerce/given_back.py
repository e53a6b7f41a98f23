"""What each line of an order got back, by the refunds that WooCommerce keeps beside it."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from apps.core.money import Money
from apps.integrations.dtos import LineSnapshot
from apps.integrations.payloads import Payload, money, text

REFUNDED = "_refunded_item_id"


def with_refunds(
    lines: Iterable[LineSnapshot], refunds: Iterable[Payload], currency: str
) -> tuple[LineSnapshot, ...]:
    """A line of a refund points at the line of the order; what is not about one, as a sum alone or
    shipping, stands with the payment only."""
    told = {each.external_id: each for each in lines}
    for refund in refunds:
        rows = [(_line_of(each), each) for each in refund.get("line_items") or ()]
        known = [(line, row) for line, row in rows if line in told]
        for (line, _), back in zip(known, _sums(refund, known, told, currency), strict=True):
            before = told[line].refunded or Money.zero(currency)
            told[line] = replace(told[line], refunded=before + back)
    return tuple(told.values())


def _line_of(row: Payload) -> str:
    named = (each for each in row.get("meta_data") or () if each["key"] == REFUNDED)
    return next((text(each, "value") for each in named), "")


def _sums(
    refund: Payload,
    rows: list[tuple[str, Payload]],
    told: Mapping[str, LineSnapshot],
    currency: str,
) -> list[Money]:
    """With tax, as the shop's admin writes them, below zero. Units without any sum, as ours are
    told, get what they had cost, or their shares of what was moved where that is less."""
    said = [-(money(row, "total", currency) + money(row, "total_tax", currency)) for _, row in rows]
    if not rows or any(said):
        return said
    worth = [_worth(told[line], abs(int(row.get("quantity") or 0))) for line, row in rows]
    moved = money(refund, "amount", currency).capped(Money.total(worth, currency))
    return moved.allocate([each.minor for each in worth])


def _worth(line: LineSnapshot, units: int) -> Money:
    return (line.total + line.tax).share(min(units, line.quantity), line.quantity)
