"""Which gateway pays which part of a refund, and working days: pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from uuid import UUID

from apps.core.money import Money
from apps.orders import choices as orders
from apps.orders.calculator.breakdown import Breakdown
from apps.orders.calculator.tenders import Leg
from apps.orders.calculator.tree import Kind
from apps.payments import choices
from apps.payments.modules.ledger.postings import Promise

DAY, SATURDAY = timedelta(days=1), 5
Gateway = choices.Payment.Gateway
Method = orders.Return.RefundMethod

# Vendors by the name that platforms write, and how their ids of payments begin.
IDS: Mapping[str, tuple[str, ...]] = {
    Gateway.STRIPE: ("pi_", "ch_", "py_"),
    Gateway.PAYPAL: ("",),
    Gateway.ADYEN: ("",),
    Gateway.MOLLIE: ("tr_",),
}


@dataclass(frozen=True, slots=True)
class Part:
    """One payment to be made; no tender means that it is the bonus, which is credit only."""

    gateway: str
    purpose: str
    amount: Money
    tender_id: UUID | None


def plan(
    method: str,
    breakdown: Breakdown,
    is_credit: Mapping[UUID, bool],
    ways: Mapping[UUID, str] | None = None,
) -> tuple[Part, ...]:
    """The refund in parts, one for each leg, and the rest that no payment of the order gave.

    `ways`: the gateway that can give a payment of the order back, for those that one can.
    """
    parts = [*parts_of(method, breakdown.legs, is_credit, ways or {})]
    paid = Money.total((part.amount for part in parts), breakdown.net.currency)
    if bonus := breakdown.refund - paid:
        purpose = choices.Payment.Purpose.ADJUSTMENT
        parts.append(Part(Gateway.STORE_CREDIT, purpose, bonus, None))
    return tuple(parts)


def parts_of(
    method: str, legs: Iterable[Leg], is_credit: Mapping[UUID, bool], ways: Mapping[UUID, str]
) -> tuple[Part, ...]:
    """One for each payment of the order that is drawn on."""
    refund = choices.Payment.Purpose.REFUND
    return tuple(
        Part(
            gateway_for(method, leg.amount.currency, is_credit[tender], ways.get(tender, "")),
            refund,
            leg.amount,
            tender,
        )
        for leg in legs
        for tender in (UUID(leg.tender_id),)
    )


def gateway_for(method: str, currency: str, tender_is_credit: bool, way: str) -> str:
    """Credit goes back as credit, a payment the way it came; where we cannot, a person does it."""
    if method == Method.ELSEWHERE:
        return Gateway.MANUAL
    if method == Method.STORE_CREDIT or tender_is_credit:
        return Gateway.STORE_CREDIT
    if method == Method.BANK_TRANSFER and currency == "EUR":
        return Gateway.BANK_TRANSFER
    if method == Method.ORIGINAL and way:
        return way
    return Gateway.MANUAL


def cut(parts: Iterable[Part], start: Money, end: Money) -> tuple[Part, ...]:
    """The parts of a plan between two sums, so that pieces of it are exactly the whole."""
    pieces = []
    reached = Money.zero(start.currency)
    for part in parts:
        first, reached = reached, reached + part.amount
        amount = min(reached, end) - max(first, start)
        if amount.minor > 0:
            pieces.append(replace(part, amount=amount))
    return tuple(pieces)


def vendor_of(gateway: str, external_id: str) -> str:
    """The vendor that took a payment of an order and knows it by this id; empty for another."""
    name = gateway.lower()
    return name if external_id and external_id.startswith(IDS.get(name, ())) else ""


def promise_of(breakdown: Breakdown) -> Promise:
    return Promise(
        refund=breakdown.refund,
        fees=breakdown.tree.part(Kind.FEES),
        new_goods=breakdown.tree.part(Kind.NEW_GOODS),
        bonus=breakdown.tree.part(Kind.BONUS),
    )


def working_days_before(at: datetime, days: int) -> datetime:
    """So many working days earlier, by the same clock; what is asked on a weekend is asked at the
    start of Monday. Bank holidays count as working days."""
    while at.weekday() >= SATURDAY:
        at = datetime.combine(at + DAY, time(), at.tzinfo)
    while days:
        at -= DAY
        days -= at.weekday() < SATURDAY
    return at
