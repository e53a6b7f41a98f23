"""Which payments a refund draws on: in order or in proportion, each up to what it still holds."""

from dataclasses import dataclass

from apps.core.money import Money
from apps.orders.calculator.facts import OrderFacts
from apps.orders.calculator.terms import TenderOrder


@dataclass(frozen=True, slots=True)
class Leg:
    tender_id: str
    amount: Money


def draw(order: OrderFacts, amount: Money, how: TenderOrder) -> tuple[Leg, ...]:
    """Legs above zero that sum to `amount`, which is at most what the tenders hold."""
    if how is TenderOrder.PRO_RATA:
        parts = _in_proportion(order, amount)
    else:
        parts = _credit_first(order, amount)
    return tuple(Leg(key, part) for key, part in parts if part)


def from_real_money(order: OrderFacts, legs: tuple[Leg, ...]) -> Money:
    """The part of the legs that was not paid with store credit."""
    credit = {each.id for each in order.tenders if each.is_credit}
    return Money.total((leg.amount for leg in legs if leg.tender_id not in credit), order.currency)


def _in_proportion(order: OrderFacts, amount: Money) -> list[tuple[str, Money]]:
    if not amount:
        return []
    parts = amount.allocate([each.left.minor for each in order.tenders])
    return [(each.id, part) for each, part in zip(order.tenders, parts, strict=True)]


def _credit_first(order: OrderFacts, amount: Money) -> list[tuple[str, Money]]:
    parts = []
    for each in sorted(order.tenders, key=lambda tender: not tender.is_credit):
        part = amount.capped(each.left)
        parts.append((each.id, part))
        amount = amount - part
    return parts
