"""Facts for the tests: everything in euros unless told, and an order that remembers returns."""

from dataclasses import replace
from decimal import Decimal

from apps.core.money import Money
from apps.orders.calculator.breakdown import Breakdown
from apps.orders.calculator.calculate import calculate
from apps.orders.calculator.facts import (
    Allocation,
    ExchangeItem,
    LineFacts,
    OrderFacts,
    TenderFacts,
    UnitRequest,
    Wish,
    Withheld,
)
from apps.orders.calculator.terms import Terms
from apps.orders.calculator.tree import Kind, Node


def eur(amount: str | int) -> Money:
    return Money.of(amount, "EUR")


def line(key: str = "a", quantity: int = 1, price: str = "10.00", **other: object) -> LineFacts:
    """A line at list price less its allocations, no tax unless told."""
    currency = str(other.pop("currency", "EUR"))
    unit = Money.of(price, currency)
    discounts = other.get("discounts", ())
    assert isinstance(discounts, tuple)
    off = Money.total((each.amount for each in discounts), currency)
    given = {"total": unit * quantity - off, "tax": Money.zero(currency), "label": f"item {key}"}
    return LineFacts(id=key, quantity=quantity, unit_price=unit, **given | other)  # type: ignore[arg-type]


def off(amount: str, ref: str = "", label: str = "Sale") -> Allocation:
    return Allocation(label=label, amount=eur(amount), ref=ref)


def card(captured: str, refunded: str = "0", key: str = "card") -> TenderFacts:
    return TenderFacts(id=key, kind="card", captured=eur(captured), refunded=eur(refunded))


def credit(captured: str, refunded: str = "0") -> TenderFacts:
    return replace(card(captured, refunded, "credit"), kind="store_credit", is_credit=True)


def order(*lines: LineFacts, **other: object) -> OrderFacts:
    """Paid by one card in full, shipping and duties included, unless told."""
    currency = lines[0].total.currency if lines else "EUR"
    given: dict[str, object] = {"currency": currency, "tax_included": True, "lines": lines}
    facts = OrderFacts(**{"tenders": ()} | given | other)  # type: ignore[arg-type]
    if "tenders" in other:
        return facts
    paid = Money.total((facts.gross_of(each) for each in lines), currency)
    for cost in (facts.shipping, facts.duties):
        paid = paid + (cost.paid if cost else facts.zero)
    zero = Money.zero(currency)
    tender = TenderFacts(id="card", kind="card", captured=paid, refunded=zero)
    return replace(facts, tenders=(tender,))


def back(key: str = "a", quantity: int = 1, **other: object) -> UnitRequest:
    return UnitRequest(line_id=key, quantity=quantity, **other)  # type: ignore[arg-type]


def swap(key: str, item: ExchangeItem, quantity: int = 1, **other: object) -> UnitRequest:
    return back(key, quantity, wish=Wish.EXCHANGE, exchange=item, **other)


def item(price: str, quantity: int = 1, tax: str = "0", rate: str | None = None) -> ExchangeItem:
    return ExchangeItem(
        variant_id="v",
        label="new item",
        unit_price=eur(price),
        quantity=quantity,
        tax=eur(tax),
        tax_rate=None if rate is None else Decimal(rate),
    )


def kept(amount: str, label: str = "Damage") -> Withheld:
    return Withheld(label=label, amount=-eur(amount))


def given(facts: OrderFacts, *units: UnitRequest, **terms: object) -> Breakdown:
    return calculate(facts, units, Terms(**terms))  # type: ignore[arg-type]


def node(breakdown: Breakdown, kind: Kind) -> Node:
    """The only node of that kind, at any depth."""
    [found] = [each for each in breakdown.tree.walk() if each.kind is kind]
    return found


def amounts(breakdown: Breakdown, kind: Kind) -> list[str]:
    return [f"{n.amount.amount:f}" for n in breakdown.tree.walk() if n.kind is kind]


def settle(facts: OrderFacts, units: tuple[UnitRequest, ...], breakdown: Breakdown) -> OrderFacts:
    """The order after this return was paid (and what was due was collected on a new payment)."""
    lines = tuple(_settled(each, units, breakdown) for each in facts.lines)
    legs = {leg.tender_id: leg.amount for leg in breakdown.legs}
    tenders = [
        replace(each, refunded=each.refunded + legs.get(each.id, facts.zero))
        for each in facts.tenders
    ]
    if breakdown.due:
        tenders.append(
            TenderFacts(
                id=f"due{len(tenders)}", kind="card", captured=breakdown.due, refunded=facts.zero
            )
        )
    result = replace(facts, lines=lines, tenders=tuple(tenders))
    if result.shipping:
        sent = breakdown.tree.part(Kind.SHIPPING)
        shipping = replace(result.shipping, refunded=result.shipping.refunded + sent)
        result = replace(result, shipping=shipping)
    if result.duties:
        sent = breakdown.tree.part(Kind.DUTIES)
        result = replace(
            result, duties=replace(result.duties, refunded=result.duties.refunded + sent)
        )
    return result


def _settled(each: LineFacts, units: tuple[UnitRequest, ...], breakdown: Breakdown) -> LineFacts:
    mine = [unit for unit in units if unit.line_id == each.id]
    count = sum(unit.quantity for unit in mine)
    swapped = sum(unit.quantity for unit in mine if unit.wish is Wish.EXCHANGE)
    amount = breakdown.line_amounts.get(each.id)
    return replace(
        each,
        returned=each.returned + count,
        exchanged=each.exchanged + swapped,
        refunded=each.given_back + (amount.gross if amount else Money.zero(each.total.currency)),
    )


def play(facts: OrderFacts, *steps: tuple[UnitRequest, ...], **terms: object) -> list[Breakdown]:
    """Each step computed on the order that the steps before it left behind."""
    results = []
    for units in steps:
        results.append(given(facts, *units, **terms))
        facts = settle(facts, units, results[-1])
    return results
