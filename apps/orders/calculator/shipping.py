"""Costs of the whole order that go back with the goods: outbound shipping and duties."""

from collections.abc import Iterator

from apps.core.money import Money
from apps.orders.calculator.basket import Basket
from apps.orders.calculator.facts import OrderFacts
from apps.orders.calculator.terms import ShareRule, Terms
from apps.orders.calculator.tree import Kind, Node


def order_costs(order: OrderFacts, terms: Terms, states: tuple[Basket, Basket]) -> Iterator[Node]:
    """Exchanged units do not count as returned here: their shopper still has the goods."""
    shipping, duties = order.shipping, order.duties
    if shipping is not None:
        amount, step = _step(order, terms.shipping, (shipping.paid, shipping.refunded), states)
        if amount:
            tax = shipping.tax.share(amount.minor, shipping.paid.minor)
            yield Node(Kind.SHIPPING, "Shipping", amount, tax=tax, steps=(step,))
    if duties is not None:
        amount, step = _step(order, terms.duties, (duties.paid, duties.refunded), states)
        if amount:
            yield Node(Kind.DUTIES, "Duties", amount, steps=(step,))


def _step(
    order: OrderFacts,
    rule: ShareRule,
    money: tuple[Money, Money],
    states: tuple[Basket, Basket],
) -> tuple[Money, str]:
    """Never more than is left; the last unit closes the cost exactly."""
    paid, refunded = money
    left = (paid - refunded).at_least_zero()
    old, new = states
    if rule is ShareRule.NEVER or old == new:
        return order.zero, ""
    if all(new[line.id].given_up == line.quantity for line in order.lines):
        return left, "last unit of the order"
    if rule is ShareRule.WHEN_ALL_RETURNED:
        return order.zero, ""
    whole = _worth(order, {line.id: line.quantity for line in order.lines})
    had = _worth(order, {key: standing.given_up for key, standing in old.items()})
    has = _worth(order, {key: standing.given_up for key, standing in new.items()})
    if not whole:
        return order.zero, ""
    share = paid.share(has.minor, whole.minor) - paid.share(had.minor, whole.minor)
    return share.capped(left), f"{paid.amount:f} x {has.amount:f}/{whole.amount:f}"


def _worth(order: OrderFacts, units: dict[str, int]) -> Money:
    parts = (order.gross_of(line).share(units[line.id], line.quantity) for line in order.lines)
    return Money.total(parts, order.currency)
