"""Returned goods: cumulative shares of what was paid, discounts as stored, tax beside them."""

from collections.abc import Iterator
from dataclasses import dataclass

from apps.core.money import Money
from apps.orders.calculator.basket import Basket, left_of
from apps.orders.calculator.discounts import gift_values, losses
from apps.orders.calculator.facts import LineFacts, OrderFacts, UnitRequest
from apps.orders.calculator.terms import ThresholdRule
from apps.orders.calculator.tree import Kind, Node


@dataclass(frozen=True, slots=True)
class ReturnedPart:
    """What one request gives back; `price` (stated like the line's total) and `full_tax` are
    those before the cap."""

    unit: UnitRequest
    line: LineFacts
    price: Money
    full_tax: Money
    node: Node

    @property
    def gross(self) -> Money:
        return self.node.amount

    @property
    def tax(self) -> Money:
        return self.gross - self.node.without_tax

    @property
    def list_price(self) -> Money:
        return self.line.unit_price * self.unit.quantity


@dataclass(frozen=True, slots=True)
class Change:
    """One line between two states of the basket: `lost` discount and its tax, over `units`."""

    line: LineFacts
    start: int
    units: int
    lost: Money
    lost_tax: Money


@dataclass(frozen=True, slots=True)
class Slice:
    """Units `start` to `end` of a line, out of a change's units `first` to `last`."""

    start: int
    end: int
    first: int
    last: int

    def of_line(self, whole: Money, quantity: int) -> Money:
        return whole.share(self.end, quantity) - whole.share(self.start, quantity)

    def of_change(self, whole: Money, units: int) -> Money:
        return whole.share(self.last, units) - whole.share(self.first, units)

    def step(self, whole: Money, quantity: int) -> str:
        ahead, behind = whole.share(self.end, quantity), whole.share(self.start, quantity)
        return (
            f"{whole.amount:f} x {self.end}/{quantity} - {whole.amount:f} x {self.start}"
            f"/{quantity} = {ahead.amount:f} - {behind.amount:f}"
        )


@dataclass(frozen=True, slots=True)
class Goods:
    parts: tuple[ReturnedPart, ...]
    others: tuple[Node, ...]

    def nodes(self) -> tuple[Node, ...]:
        return (*(part.node for part in self.parts), *self.others)


def goods(
    order: OrderFacts,
    units: tuple[UnitRequest, ...],
    states: tuple[Basket, Basket],
    rule: ThresholdRule,
) -> Goods:
    """Returned lines in the order asked for, then what the kept goods cost or win."""
    old, new = states
    lost_old, lost_new = losses(order, old, rule), losses(order, new, rule)
    parts: dict[int, ReturnedPart] = {}
    others: list[Node] = []
    for line in order.lines:
        was, now = lost_old[line.id], lost_new[line.id]
        change = Change(
            line=line,
            start=old[line.id].gone,
            units=new[line.id].gone - old[line.id].gone,
            lost=now - was,
            lost_tax=_lost_tax(order, line, new, now) - _lost_tax(order, line, old, was),
        )
        asked = [(at, unit) for at, unit in enumerate(units) if unit.line_id == line.id]
        parts.update(zip((at for at, _ in asked), _parts(order, change, asked), strict=True))
        if not asked and change.lost:
            others.append(_dearer(order, change))
    others.extend(_gifts(order, old, new))
    return Goods(tuple(parts[at] for at in sorted(parts)), tuple(others))


def _parts(
    order: OrderFacts, change: Change, asked: list[tuple[int, UnitRequest]]
) -> Iterator[ReturnedPart]:
    """Held to what is left of the line, should the requests ask for more than that together."""
    line = change.line
    parts, done = [], 0
    for _, unit in asked:
        end = done + unit.quantity
        piece = Slice(change.start + done, change.start + end, done, end)
        parts.append(_part(order, change, unit, piece))
        done = end
    left = (order.gross_of(line) - line.given_back).at_least_zero()
    over = Money.total((part.gross for part in parts), order.currency) > left
    for part in parts:
        held = _capped(part, left) if over else part
        left = left - held.gross
        yield held


def _lost_tax(order: OrderFacts, line: LineFacts, basket: Basket, lost: Money) -> Money:
    """Tax of the kept units at their new price, less that at the old one."""
    if not lost:
        return order.zero
    kept = line.quantity - basket[line.id].gone
    price = left_of(line.total, kept, line.quantity) + lost
    return order.tax_of(line, price) - left_of(line.tax, kept, line.quantity)


def _part(order: OrderFacts, change: Change, unit: UnitRequest, piece: Slice) -> ReturnedPart:
    line, zero = change.line, order.zero
    paid = piece.of_line(line.total, line.quantity)
    lost = piece.of_change(change.lost, change.units)
    tax = piece.of_line(line.tax, line.quantity) - piece.of_change(change.lost_tax, change.units)
    listed = Node(
        Kind.LIST_PRICE,
        f"{unit.quantity} x {line.unit_price}",
        line.unit_price * unit.quantity,
    )
    discounts = [
        Node(Kind.DISCOUNT, each.label, -piece.of_line(each.amount, line.quantity), ref=each.ref)
        for each in line.discounts
    ]
    known = Money.total((node.amount for node in (listed, *discounts)), order.currency)
    rest = [
        Node(Kind.ROUNDING, "Rounding", paid - known),
        Node(Kind.DISCOUNT_LOST, "Discount worked out again", -lost),
        Node(Kind.TAX, "Tax", zero if order.tax_included else tax, tax=tax),
    ]
    children = (listed, *discounts, *(node for node in rest if node.amount))
    node = Node(
        Kind.LINE,
        f"{unit.quantity} x {line.label}",
        order.gross(paid - lost, tax),
        children,
        tax,
        (piece.step(line.total, line.quantity),),
        line.id,
    )
    return ReturnedPart(unit, line, paid - lost, tax, node)


def _capped(part: ReturnedPart, left: Money) -> ReturnedPart:
    """Hold a part to what is left of its line, with a node that shows what was held back."""
    node = part.node
    if node.amount <= left:
        return part
    cut = Node(
        Kind.CAPPED,
        "Already refunded",
        left - node.amount,
        steps=(f"paid for the line and not yet given back: {left}",),
        ref=part.line.id,
    )
    held = Node(
        node.kind,
        node.label,
        left,
        (*node.children, cut),
        part.tax.share(left.minor, node.amount.minor),
        node.steps,
        node.ref,
    )
    return ReturnedPart(part.unit, part.line, part.price, part.full_tax, held)


def _dearer(order: OrderFacts, change: Change) -> Node:
    return Node(
        Kind.DISCOUNT_LOST,
        f"Discount worked out again: {change.line.label}",
        -order.gross(change.lost, change.lost_tax),
        tax=-change.lost_tax,
        ref=change.line.id,
    )


def _gifts(order: OrderFacts, old: Basket, new: Basket) -> Iterator[Node]:
    was, now = gift_values(order, old), gift_values(order, new)
    for line in order.lines:
        owed, had = now.get(line.id, order.zero), was.get(line.id, order.zero)
        tax = order.tax_of(line, owed) - order.tax_of(line, had)
        amount = order.gross(owed - had, tax)
        if amount:
            label = f"Gift {'kept' if amount.minor > 0 else 'brought back'}: {line.label}"
            yield Node(Kind.GIFT_KEPT, label, -amount, tax=-tax, ref=line.id)
