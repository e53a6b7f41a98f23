"""What Magento makes of units in a credit memo, to the cent; it answers no such question.

As in `Magento\\Sales\\Model\\Order\\Creditmemo`: each figure takes its share of what is left, the
last unit takes all of it, and what rounding cut from one figure is carried over to the next.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from apps.core.money import Money
from apps.integrations.magento.mappers import whole
from apps.integrations.payloads import Payload, text

CENT = Decimal("0.01")
# What was invoiced of it, and what has gone back.
ROW = ("base_row_invoiced", "base_amount_refunded")
DISCOUNT = ("base_discount_invoiced", "base_discount_refunded")
TAX = ("base_tax_invoiced", "base_tax_refunded")
COMPENSATION = (
    "base_discount_tax_compensation_invoiced",
    "base_discount_tax_compensation_refunded",
)


@dataclass(slots=True)
class Carried:
    delta: Decimal = Decimal(0)

    def rounded(self, figure: Decimal, sign: int = 1) -> Decimal:
        if not figure:
            return figure
        exact = figure + sign * self.delta
        told = exact.quantize(CENT, ROUND_HALF_UP)
        self.delta = sign * (exact - told)
        return told


@dataclass(frozen=True, slots=True)
class Taken:
    """So many units of one row of the order."""

    row: Payload
    quantity: int

    def share(self, names: tuple[str, str], carried: Carried, sign: int = 1) -> Decimal:
        left = _decimal(self.row, names[0]) - _decimal(self.row, names[1])
        open_units = refundable(self.row)
        if self.quantity == open_units:
            return left
        return carried.rounded(left / open_units * self.quantity, sign)


def refundable(row: Payload) -> int:
    """Units that were invoiced and stand in no credit memo yet."""
    return whole(row, "qty_invoiced") - whole(row, "qty_refunded")


def value(order: Payload, units: Mapping[str, int], currency: str) -> Money:
    """With tax, without shipping; `units` by the id of their row, at most what is refundable."""
    carried = Carried()
    taken = [
        Taken(row, units[text(row, "item_id")])
        for row in order["items"]
        if units.get(text(row, "item_id"))
    ]
    goods = sum((each.share(ROW, carried) for each in taken), Decimal(0))
    off = sum((each.share(DISCOUNT, carried, -1) for each in taken), Decimal(0))
    tax = compensation = Decimal(0)
    for each in taken:
        tax += each.share(TAX, carried)
        compensation += each.share(COMPENSATION, carried)
    if _decimal(order, "base_shipping_amount"):
        compensation = carried.rounded(compensation)
    return Money.rounded(goods - off + tax + compensation, currency)


def _decimal(payload: Payload, name: str) -> Decimal:
    return Decimal(text(payload, name) or "0")
