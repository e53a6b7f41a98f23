"""Order facts, requested units and terms in; one breakdown out. Pure: preview is execution."""

from collections.abc import Sequence

from apps.core.errors import DomainError
from apps.core.money import Money
from apps.orders.calculator import basket
from apps.orders.calculator.basket import Basket
from apps.orders.calculator.bonus import bonus
from apps.orders.calculator.breakdown import Breakdown, LineAmount
from apps.orders.calculator.checks import check
from apps.orders.calculator.discounts import refuse_partial
from apps.orders.calculator.exchange import differences, new_goods
from apps.orders.calculator.facts import OrderFacts, UnitRequest
from apps.orders.calculator.fees import fees
from apps.orders.calculator.lines import Goods, goods
from apps.orders.calculator.shipping import order_costs
from apps.orders.calculator.tenders import draw
from apps.orders.calculator.terms import Terms, ThresholdRule
from apps.orders.calculator.tree import Kind, Node, money_json

LABELS = {Kind.GOODS: "Returned goods", Kind.FEES: "Fees", Kind.NEW_GOODS: "New goods"}


class OverAsk(DomainError):
    code = "amount_above_cap"
    title = "The amount asked for is outside what may still be refunded"
    status = 409


def calculate(
    order: OrderFacts,
    units: tuple[UnitRequest, ...],
    terms: Terms,
    *,
    asked: Money | None = None,
) -> Breakdown:
    """What `units` give back under `terms`, or the net `asked` for by hand.

    A computed sum above what the order still holds is held to it in a visible `capped` node; an
    `asked` one raises OverAsk with both figures. Units that were rejected are left out of
    `units`: they give nothing back, and no later call pays for them.
    """
    check(order, units, terms)
    old = basket.before(order)
    states = (old, basket.after(old, units))
    if terms.threshold is ThresholdRule.BLOCK:
        refuse_partial(order, *states)
    returned = goods(order, units, states, terms.threshold)
    given = _given(order, terms, states, returned)
    bought = new_goods(order, returned.parts, terms)
    nodes = [*given, *_grouped(order, Kind.NEW_GOODS, bought)]
    if asked is None:
        nodes.extend(bonus(order, returned.parts, terms, (_sum(order, given), _sum(order, nodes))))
    else:
        nodes.extend(_by_hand(order, nodes, asked))
    tree = Node(Kind.NET, "Net", _sum(order, nodes), tuple(nodes), _taxes(order, nodes))
    drawn = (tree.amount - tree.part(Kind.BONUS)).at_least_zero()
    return Breakdown(
        tree=tree,
        destination=terms.destination,
        legs=draw(order, drawn, terms.tender_order),
        line_amounts=_line_amounts(tree, units),
        differences=differences(order, returned.parts, bought, terms),
    )


def _given(
    order: OrderFacts, terms: Terms, states: tuple[Basket, Basket], returned: Goods
) -> list[Node]:
    """All that goes back before new goods and bonus, less fees, held to what the order holds."""
    nodes = [
        *_grouped(order, Kind.GOODS, returned.nodes()),
        *order_costs(order, terms, states),
    ]
    kept = fees(order, returned.parts, terms, _sum(order, nodes))
    nodes.extend(_grouped(order, Kind.FEES, kept))
    claim, left = _sum(order, nodes), order.left
    if claim > left:
        cut = left - claim
        tax = _taxes(order, nodes).share(cut.minor, claim.minor)
        step = f"captured and not yet given back: {left}"
        label = "Held to what the order still holds"
        nodes.append(Node(Kind.CAPPED, label, cut, tax=tax, steps=(step,)))
    return nodes


def _by_hand(order: OrderFacts, nodes: list[Node], asked: Money) -> list[Node]:
    bought = Money.total((n.amount for n in nodes if n.kind is Kind.NEW_GOODS), order.currency)
    cap = (order.left + bought).at_least_zero()
    if not order.zero <= asked <= cap:
        raise OverAsk(asked=money_json(asked), cap=money_json(cap))
    rest = asked - _sum(order, nodes)
    return [Node(Kind.BY_HAND, "Set by hand", rest)] if rest else []


def _grouped(order: OrderFacts, kind: Kind, parts: Sequence[Node]) -> list[Node]:
    """One node of its parts, or nothing where there is none."""
    if not parts:
        return []
    amount = _sum(order, parts)
    return [Node(kind, LABELS[kind], amount, tuple(parts), _taxes(order, parts))]


def _sum(order: OrderFacts, nodes: Sequence[Node]) -> Money:
    return Money.total((node.amount for node in nodes), order.currency)


def _taxes(order: OrderFacts, nodes: Sequence[Node]) -> Money:
    return Money.total((node.tax for node in nodes if node.tax is not None), order.currency)


def _line_amounts(tree: Node, units: tuple[UnitRequest, ...]) -> dict[str, LineAmount]:
    """The tree's goods and fees by the order line they name."""
    zero = Money.zero(tree.amount.currency)
    lines: dict[str, LineAmount] = {}
    for branch in tree.children:
        for node in branch.children:
            if not node.ref or branch.kind not in (Kind.GOODS, Kind.FEES):
                continue
            line = lines.get(node.ref, LineAmount(0, zero, zero, zero, zero))
            if branch.kind is Kind.GOODS:
                lines[node.ref] = line.with_goods(node)
            else:
                lines[node.ref] = line.with_withheld(node)
    for unit in units:
        lines[unit.line_id] = lines[unit.line_id].with_units(unit.quantity)
    return lines
