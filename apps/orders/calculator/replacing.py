"""What is paid where new goods ran out after the return was worked out with them: pure."""

from dataclasses import dataclass
from typing import Self

from apps.core.money import Money
from apps.orders.calculator.breakdown import Breakdown
from apps.orders.calculator.tenders import Leg
from apps.orders.calculator.terms import Destination
from apps.orders.calculator.tree import Json, Kind, entries, items, money_json, money_of, text


@dataclass(frozen=True, slots=True)
class Replacement:
    """`goods` at the price of the breakdown. Of it `refund` goes out by `legs`, and `back` is what
    the shopper paid on top; the rest was a bonus for goods, which never becomes cash."""

    method: str
    goods: Money
    refund: Money
    back: Money
    legs: tuple[Leg, ...] = ()

    @property
    def forgone(self) -> Money:
        return self.goods - self.refund - self.back

    def as_json(self) -> dict[str, Json]:
        return {
            "method": self.method,
            "goods": money_json(self.goods),
            "refund": money_json(self.refund),
            "back": money_json(self.back),
            "legs": [
                {"tender": leg.tender_id, "amount": money_json(leg.amount)} for leg in self.legs
            ],
        }

    @classmethod
    def from_json(cls, data: Json) -> Self:
        fields = entries(data)
        legs = [entries(each) for each in items(fields["legs"])]
        return cls(
            method=text(fields["method"]),
            goods=money_of(fields["goods"]),
            refund=money_of(fields["refund"]),
            back=money_of(fields["back"]),
            legs=tuple(Leg(text(each["tender"]), money_of(each["amount"])) for each in legs),
        )


def instead_of(breakdown: Breakdown, before: Money, goods: Money, method: str) -> Replacement:
    """For goods of this price, after others of the same return for `before`; without legs."""
    first, then = _net_without(breakdown, before), _net_without(breakdown, before + goods)
    return Replacement(
        method=method,
        goods=goods,
        refund=then.at_least_zero() - first.at_least_zero(),
        back=(-first).at_least_zero() - (-then).at_least_zero(),
    )


def price_in(breakdown: Breakdown, variant_id: str) -> Money:
    """Of all units of that variant among the new goods, tax and discounts in it."""
    nodes = (each for each in breakdown.tree.walk() if each.kind is Kind.EXCHANGE)
    prices = (-each.amount for each in nodes if each.ref == variant_id)
    return Money.total(prices, breakdown.net.currency)


def _net_without(breakdown: Breakdown, goods: Money) -> Money:
    """The net had these goods not been among the new ones; as `bonus` has it, a bonus outside of
    credit only lowers what is due."""
    bonus = breakdown.tree.part(Kind.BONUS)
    net = breakdown.net - bonus + goods
    if breakdown.destination is not Destination.CREDIT:
        bonus = bonus.capped((-net).at_least_zero())
    return net + bonus
