"""How much of each line has gone back: the state that every sum is a function of."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from apps.core.money import Money
from apps.orders.calculator.facts import LineFacts, OrderFacts, UnitRequest, Wish


@dataclass(frozen=True, slots=True)
class Standing:
    """Units given back, and how many of those were swapped for new goods."""

    gone: int
    exchanged: int

    @property
    def given_up(self) -> int:
        return self.gone - self.exchanged


type Basket = Mapping[str, Standing]


def before(order: OrderFacts) -> Basket:
    return {line.id: Standing(line.gone, line.exchanged) for line in order.lines}


def after(basket: Basket, units: Iterable[UnitRequest]) -> Basket:
    result = dict(basket)
    for unit in units:
        standing = result[unit.line_id]
        swapped = unit.quantity if unit.wish is Wish.EXCHANGE else 0
        result[unit.line_id] = Standing(standing.gone + unit.quantity, standing.exchanged + swapped)
    return result


def shopper_keeps(line: LineFacts, basket: Basket) -> int:
    """Units that still earn a discount: kept ones, and new goods that took a unit's place."""
    return line.quantity - basket[line.id].given_up


def left_of(whole: Money, kept: int, quantity: int) -> Money:
    """`whole` less its cumulative share for the units that are not kept."""
    return whole - whole.share(quantity - kept, quantity)
