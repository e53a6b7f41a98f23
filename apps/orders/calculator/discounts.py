"""Discounts that the whole basket earned: what the kept units lose when it no longer does.

Each function reads one state of the basket, so that any sequence of returns adds up: a step is
always "before" minus "after", nothing is lost while the basket is whole, and nothing when empty.
"""

from fractions import Fraction
from itertools import takewhile

from apps.core.errors import DomainError
from apps.core.money import Money
from apps.orders.calculator.basket import Basket, left_of, shopper_keeps
from apps.orders.calculator.facts import (
    DiscountKind,
    LineFacts,
    OrderFacts,
    ThresholdDiscount,
)
from apps.orders.calculator.terms import ThresholdRule


class BlocksPartialReturn(DomainError):
    code = "discount_blocks_partial_return"
    title = "The goods of this offer can only be returned together"
    status = 409


def losses(order: OrderFacts, basket: Basket, rule: ThresholdRule) -> dict[str, Money]:
    """Per line, by how much its kept units have become dearer; zero unless requalified.

    Below zero they have become cheaper, at most down to nothing.
    """
    lost = {line.id: order.zero for line in order.lines}
    if rule is ThresholdRule.REQUALIFY:
        for discount in _priced(order):
            for line_id, loss in _loss(discount, order, basket).items():
                lost[line_id] = lost[line_id] + loss
    for line in order.lines:
        paid = left_of(line.total, line.quantity - basket[line.id].gone, line.quantity)
        lost[line.id] = max(lost[line.id], -paid.at_least_zero())
    return lost


def refuse_partial(order: OrderFacts, old: Basket, new: Basket) -> None:
    """Raise BlocksPartialReturn when this step makes kept goods lose an offer they had.

    One minor unit per line is rounding, not a loss.
    """
    for discount in _priced(order):
        loss = Money.total(_loss(discount, order, new).values(), order.currency)
        had = Money.total(_loss(discount, order, old).values(), order.currency)
        if (loss - had).minor > len(discount.lines):
            raise BlocksPartialReturn(discount=discount.label)


def gift_values(order: OrderFacts, basket: Basket) -> dict[str, Money]:
    """Per gift line, list value less paid of the kept units that are no longer earned."""
    free = {
        line_id
        for each in _gift_rules(order)
        if _earned(each, order, basket)
        for line_id in each.gifts
    }
    owed = {}
    for line in order.lines:
        if line.is_gift and line.id not in free:
            kept = line.quantity - basket[line.id].gone
            paid = left_of(line.total, kept, line.quantity)
            owed[line.id] = (line.unit_price * kept - paid).at_least_zero()
    return owed


def _priced(order: OrderFacts) -> list[ThresholdDiscount]:
    return [each for each in order.discounts if each.kind is not DiscountKind.GIFT]


def _gift_rules(order: OrderFacts) -> list[ThresholdDiscount]:
    """The named offers, and one for gifts that no offer names: earned while anything is kept."""
    rules = [each for each in order.discounts if each.kind is DiscountKind.GIFT]
    named = {line_id for each in rules for line_id in each.gifts}
    loose = tuple(line.id for line in order.lines if line.is_gift and line.id not in named)
    bought = tuple(line.id for line in order.lines if not line.is_gift)
    return [
        *rules,
        ThresholdDiscount(id="", label="Gift", kind=DiscountKind.GIFT, lines=bought, gifts=loose),
    ]


def _scope(discount: ThresholdDiscount, order: OrderFacts) -> list[LineFacts]:
    return [line for line in order.lines if line.id in discount.lines]


def _base(line: LineFacts, discount: ThresholdDiscount) -> Money:
    """The whole line's price after every other discount."""
    return line.total + line.allocated(discount.id)


def _stored(discount: ThresholdDiscount, order: OrderFacts, line: LineFacts, kept: int) -> Money:
    """The kept units' part of the discount as stored at sale.

    A difference of two rounded prices, so that prices before and after it add up to the cent.
    """
    earlier = takewhile(lambda each: each.id != discount.id, _priced(order))
    below = line.total
    for each in earlier:
        below = below + line.allocated(each.id)
    above = below + line.allocated(discount.id)
    return left_of(above, kept, line.quantity) - left_of(below, kept, line.quantity)


def _earned(discount: ThresholdDiscount, order: OrderFacts, basket: Basket) -> bool:
    """A whole basket has earned it by definition: the sale said so, whatever its sum today."""
    scope = _scope(discount, order)
    kept = {line.id: shopper_keeps(line, basket) for line in scope}
    if all(kept[line.id] == line.quantity for line in scope):
        return True
    worth = Money.total(
        (left_of(_base(line, discount), kept[line.id], line.quantity) for line in scope),
        order.currency,
    )
    return any(kept.values()) and worth >= (discount.threshold or order.zero)


def _loss(discount: ThresholdDiscount, order: OrderFacts, basket: Basket) -> dict[str, Money]:
    entitled = _entitled(discount, order, basket)
    lost = {}
    for line in _scope(discount, order):
        kept, really = shopper_keeps(line, basket), line.quantity - basket[line.id].gone
        stored = _stored(discount, order, line, really)
        lost[line.id] = stored - (entitled[line.id].share(really, kept) if kept else order.zero)
    return lost


def _entitled(discount: ThresholdDiscount, order: OrderFacts, basket: Basket) -> dict[str, Money]:
    """Per line, the discount that the units the shopper keeps deserve on their own."""
    scope = _scope(discount, order)
    kept = {line.id: shopper_keeps(line, basket) for line in scope}
    stored = {line.id: _stored(discount, order, line, kept[line.id]) for line in scope}
    if all(kept[line.id] == line.quantity for line in scope):
        return stored
    whole = Money.total((line.allocated(discount.id) for line in scope), order.currency)
    if discount.kind is DiscountKind.MULTI_BUY:
        return _spread(whole, _free_units(discount, scope, kept))
    if not _earned(discount, order, basket):
        return dict.fromkeys(kept, order.zero)
    if discount.percent is not None:
        return stored
    return _spread(
        whole,
        {line.id: left_of(_base(line, discount), kept[line.id], line.quantity) for line in scope},
    )


def _free_units(
    discount: ThresholdDiscount, scope: list[LineFacts], kept: dict[str, int]
) -> dict[str, Money]:
    """Value of the cheapest kept units that the offer gives away, per line."""
    free = sum(kept.values()) // discount.buy * (discount.buy - discount.pay)
    worth = {}
    for line in sorted(
        scope, key=lambda each: Fraction(_base(each, discount).minor, each.quantity)
    ):
        units = min(free, kept[line.id])
        free -= units
        worth[line.id] = left_of(_base(line, discount), units, line.quantity)
    return worth


def _spread(whole: Money, worth: dict[str, Money]) -> dict[str, Money]:
    """`whole` over the lines by worth; never more than their worth, nor than was given at sale."""
    weights = [max(each.minor, 0) for each in worth.values()]
    parts = whole.capped(Money(sum(weights), whole.currency)).allocate(weights)
    return dict(zip(worth, parts, strict=True))
