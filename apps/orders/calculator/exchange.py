"""New goods: at list price, less the discount that the returned unit carries over."""

from collections.abc import Iterator
from dataclasses import dataclass

from apps.core.money import Money
from apps.orders.calculator.facts import ExchangeItem, OrderFacts
from apps.orders.calculator.lines import ReturnedPart
from apps.orders.calculator.terms import DifferenceBasis, Terms
from apps.orders.calculator.tree import Kind, Node


@dataclass(frozen=True, slots=True)
class Difference:
    """New goods against returned ones: above zero the shopper pays, below zero gets."""

    ref: str
    amount: Money


def new_goods(order: OrderFacts, parts: tuple[ReturnedPart, ...], terms: Terms) -> list[Node]:
    return [_new_item(order, part, item, terms) for part, item in _exchanges(parts)]


def differences(
    order: OrderFacts, parts: tuple[ReturnedPart, ...], nodes: list[Node], terms: Terms
) -> tuple[Difference, ...]:
    """One per exchanged unit (its line), or one for the basket of all returned goods."""
    pairs = list(zip(_exchanges(parts), nodes, strict=True))
    if not pairs:
        return ()
    if terms.difference is DifferenceBasis.ITEM:
        return tuple(
            Difference(part.line.id, -node.amount - part.gross) for (part, _), node in pairs
        )
    returned = Money.total((part.gross for part in parts), order.currency)
    bought = Money.total((-node.amount for node in nodes), order.currency)
    return (Difference("basket", bought - returned),)


def _exchanges(
    parts: tuple[ReturnedPart, ...],
) -> Iterator[tuple[ReturnedPart, ExchangeItem]]:
    for part in parts:
        if part.unit.exchange is not None:
            yield part, part.unit.exchange


def _new_item(order: OrderFacts, part: ReturnedPart, item: ExchangeItem, terms: Terms) -> Node:
    listed = item.unit_price * item.quantity
    carried = _carried(part, listed) if terms.carry_discount else order.zero
    tax = _tax(part, item, (listed, carried))
    children = [Node(Kind.LIST_PRICE, f"{item.quantity} x {item.unit_price}", -listed)]
    if carried:
        children.append(Node(Kind.DISCOUNT, "Discount carried over", carried))
    if tax and not order.tax_included:
        children.append(Node(Kind.TAX, "Tax", -tax, tax=-tax))
    return Node(
        Kind.EXCHANGE,
        f"{item.quantity} x {item.label}",
        -order.gross(listed - carried, tax),
        tuple(children),
        -tax,
        ref=item.variant_id,
    )


def _carried(part: ReturnedPart, listed: Money) -> Money:
    """The returned unit's discount in proportion, so that an even exchange is even to the cent."""
    old = part.list_price
    discount = (old - part.price).at_least_zero().capped(old)
    return listed.share(discount.minor, old.minor) if old else old


def _tax(part: ReturnedPart, item: ExchangeItem, prices: tuple[Money, Money]) -> Money:
    """In proportion to the price paid; an even exchange at one rate keeps the returned tax."""
    listed, carried = prices
    same_rate = item.tax_rate is not None and item.tax_rate == part.line.tax_rate
    if same_rate and listed - carried == part.price:
        return part.full_tax
    return item.tax.share((listed - carried).minor, listed.minor) if listed else item.tax
