"""The extra for taking credit or other goods: never on credit-paid goods, never as cash."""

from apps.core.money import Money
from apps.orders.calculator.facts import OrderFacts
from apps.orders.calculator.lines import ReturnedPart
from apps.orders.calculator.tenders import draw, from_real_money
from apps.orders.calculator.terms import Destination, Terms
from apps.orders.calculator.tree import Kind, Node


def bonus(
    order: OrderFacts,
    parts: tuple[ReturnedPart, ...],
    terms: Terms,
    sums: tuple[Money, Money],
) -> list[Node]:
    """One node or none. `sums`: the value given back, and the net so far.

    Unless the net goes to store credit, the bonus only lowers what is due, so that no part of
    it is ever paid out in money.
    """
    given, net = sums
    rule = terms.bonus
    if rule is None:
        return []
    base = _base(order, parts, terms, given)
    amount = base.percent(rule.percent) if rule.flat is None else rule.flat
    if terms.destination is not Destination.CREDIT:
        amount = amount.capped((-net).at_least_zero())
    if not base or not amount:
        return []
    step = f"on {base} paid with real money"
    return [Node(Kind.BONUS, rule.label, amount, steps=(step,))]


def _base(order: OrderFacts, parts: tuple[ReturnedPart, ...], terms: Terms, given: Money) -> Money:
    """Goods given back against credit or new goods, as far as real money paid for them."""
    earning = [
        part.gross
        for part in parts
        if terms.destination is Destination.CREDIT or part.unit.exchange is not None
    ]
    legs = draw(order, given.at_least_zero(), terms.tender_order)
    goods = Money.total(earning, order.currency).at_least_zero()
    return goods.capped(from_real_money(order, legs))
