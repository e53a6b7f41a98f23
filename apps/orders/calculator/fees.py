"""What is kept from the refund: the return's price, restocking, and sums withheld by hand."""

from collections.abc import Iterator

from apps.core.errors import DomainError
from apps.core.money import Money
from apps.orders.calculator.facts import OrderFacts
from apps.orders.calculator.lines import ReturnedPart
from apps.orders.calculator.taxes import tax_inside
from apps.orders.calculator.terms import (
    FeeOverRefund,
    FeePer,
    Restocking,
    RestockingBasis,
    ReturnFee,
    Terms,
)
from apps.orders.calculator.tree import Kind, Node, money_json


class WithheldAboveValue(DomainError):
    code = "withheld_above_value"
    title = "More would be withheld than the returned units are worth"
    status = 409


def fees(
    order: OrderFacts, parts: tuple[ReturnedPart, ...], terms: Terms, value: Money
) -> list[Node]:
    """Negative nodes; under `cap` never more than `value`, all that is given back."""
    nodes = [*_of_lines(order, parts, terms.restocking), *_of_request(parts, terms.return_fee)]
    total = Money.total((node.amount for node in nodes), order.currency)
    over = -total - value.at_least_zero()
    if terms.fee_over_refund is FeeOverRefund.CAP and over.minor > 0:
        taxes = Money.total((node.tax for node in nodes if node.tax), order.currency)
        tax = taxes.share(over.minor, total.minor)
        nodes.append(Node(Kind.CAPPED, "Fees stop at the value given back", over, tax=tax))
    return nodes


def withheld(order: OrderFacts, part: ReturnedPart) -> list[Node]:
    """Raises WithheldAboveValue with both figures."""
    nodes = [
        Node(
            Kind.WITHHELD,
            each.label,
            each.amount,
            tax=order.tax_within(part.line, each.amount),
            ref=part.line.id,
        )
        for each in part.unit.withheld
    ]
    kept = -Money.total((node.amount for node in nodes), order.currency)
    if kept > part.gross.at_least_zero():
        raise WithheldAboveValue(
            line=part.line.id, withheld=money_json(kept), value=money_json(part.gross)
        )
    return nodes


def _of_lines(
    order: OrderFacts, parts: tuple[ReturnedPart, ...], restocking: Restocking | None
) -> Iterator[Node]:
    for part in parts:
        kept = withheld(order, part)
        yield from kept
        if restocking is not None:
            held = Money.total((node.amount for node in kept), order.currency)
            yield _restocking(order, part, restocking, (part.gross + held).at_least_zero())


def _restocking(
    order: OrderFacts, part: ReturnedPart, restocking: Restocking, worth: Money
) -> Node:
    asked = _asked(part, restocking)
    fee = asked.capped(worth)
    step: tuple[str, ...] = ()
    if part.unit.waives_fees:
        fee, step = order.zero, (f"waived: {asked}",)
    elif fee < asked:
        step = (f"{asked} stops at the value of the goods",)
    tax = order.tax_within(part.line, fee)
    label = f"{restocking.label}: {part.node.label}"
    return Node(Kind.RESTOCKING, label, -fee, tax=-tax, steps=step, ref=part.line.id)


def _asked(part: ReturnedPart, restocking: Restocking) -> Money:
    units, zero = part.unit.quantity, Money.zero(part.gross.currency)
    if restocking.basis is RestockingBasis.FIXED:
        return (restocking.fixed or zero) * units
    if restocking.basis is RestockingBasis.PERCENT_OF_LIST:
        return part.line.unit_price.percent(restocking.percent) * units
    return part.gross.at_least_zero().percent(restocking.percent)


def _of_request(parts: tuple[ReturnedPart, ...], fee: ReturnFee | None) -> Iterator[Node]:
    """Waived only when the reason of every unit waives it: one trip serves them all."""
    if fee is None or not parts:
        return
    amount = fee.amount * (fee.parcels if fee.per is FeePer.PARCEL else 1)
    steps = (f"{fee.parcels} x {fee.amount}",) if fee.per is FeePer.PARCEL else ()
    if all(part.unit.waives_fees for part in parts):
        amount, steps = Money.zero(amount.currency), (f"waived: {amount}",)
    tax = tax_inside(amount, fee.tax_rate)
    yield Node(Kind.RETURN_FEE, fee.label, -amount, tax=-tax, steps=steps)
