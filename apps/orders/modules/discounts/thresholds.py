"""Discounts that a whole basket had to earn, as an order keeps them in JSON."""

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from apps.core.money import Money
from apps.orders.calculator.facts import DiscountKind, ThresholdDiscount

if TYPE_CHECKING:
    from apps.integrations.dtos import BasketDiscount


def as_json(discount: "BasketDiscount", line_ids: dict[str, str]) -> dict[str, Any]:
    """`line_ids` turns external ids of lines into ours; unknown ones are left out."""
    return {
        "id": discount.id,
        "label": discount.label,
        "kind": discount.kind,
        "lines": [line_ids[each] for each in discount.lines if each in line_ids],
        "threshold_minor": discount.threshold.minor if discount.threshold else None,
        "percent": discount.percent,
        "buy": discount.buy,
        "pay": discount.pay,
        "gifts": [line_ids[each] for each in discount.gifts if each in line_ids],
    }


def basket_discounts(
    stored: Sequence[dict[str, Any]], currency: str
) -> tuple[ThresholdDiscount, ...]:
    return tuple(_basket_discount(each, currency) for each in stored)


def _basket_discount(stored: dict[str, Any], currency: str) -> ThresholdDiscount:
    threshold = stored["threshold_minor"]
    return ThresholdDiscount(
        id=stored["id"],
        label=stored["label"],
        kind=DiscountKind(stored["kind"]),
        lines=tuple(stored["lines"]),
        threshold=None if threshold is None else Money(threshold, currency),
        percent=Decimal(stored["percent"]) if stored["percent"] else None,
        buy=stored["buy"],
        pay=stored["pay"],
        gifts=tuple(stored["gifts"]),
    )
