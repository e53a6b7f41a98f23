"""The result of the calculator: one tree that preview, execution, mail, invoice and API read."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

from apps.core.errors import DomainError
from apps.core.money import Money
from apps.orders.calculator.exchange import Difference
from apps.orders.calculator.tenders import Leg
from apps.orders.calculator.terms import Destination
from apps.orders.calculator.tree import (
    Json,
    Kind,
    Node,
    entries,
    items,
    money_json,
    money_of,
    text,
    whole,
)


class NotInBreakdown(DomainError):
    code = "units_not_in_breakdown"
    title = "The breakdown holds no such units"
    status = 409


@dataclass(frozen=True, slots=True)
class LineAmount:
    """One order line's share: `net` + `tax` = `gross`; `withheld` is signed, restocking with it.

    `quantity` is zero for a kept line that only became dearer or cheaper.
    """

    quantity: int
    net: Money
    tax: Money
    gross: Money
    withheld: Money

    @property
    def value(self) -> Money:
        return self.gross + self.withheld

    def with_goods(self, node: Node) -> Self:
        gross = self.gross + node.amount
        net = self.net + node.without_tax
        return replace(self, gross=gross, net=net, tax=gross - net)

    def with_withheld(self, node: Node) -> Self:
        return replace(self, withheld=self.withheld + node.amount)

    def with_units(self, quantity: int) -> Self:
        return replace(self, quantity=self.quantity + quantity)


@dataclass(frozen=True, slots=True)
class Breakdown:
    """`tree` is the signed net and its parts; `legs` are the payments a refund draws on.

    A bonus is in the net but in no leg: sum of legs + bonus = refund, when there is one.
    """

    tree: Node
    destination: Destination
    legs: tuple[Leg, ...]
    line_amounts: Mapping[str, LineAmount]
    differences: tuple[Difference, ...]

    @property
    def net(self) -> Money:
        return self.tree.amount

    @property
    def refund(self) -> Money:
        return self.net.at_least_zero()

    @property
    def due(self) -> Money:
        return (-self.net).at_least_zero()

    @property
    def given_back(self) -> Money:
        """Value given back in every form, new goods included and bonus not; feeds the cap."""
        extra = self.tree.part(Kind.BONUS) + self.tree.part(Kind.NEW_GOODS)
        return (self.net - extra).at_least_zero()

    def value_of(self, line_id: str, quantity: int, already: int = 0) -> Money:
        """Value of `quantity` of the line's units after `already` others, fees on it off."""
        line = self.line_amounts.get(line_id)
        if line is None or not 0 <= already <= already + quantity <= line.quantity:
            raise NotInBreakdown(line=line_id, quantity=quantity, already=already)
        if not quantity:
            return Money.zero(self.net.currency)
        ahead = line.value.share(already + quantity, line.quantity)
        return ahead - line.value.share(already, line.quantity)

    def recoverable(self, units: Mapping[str, int]) -> Money:
        """Advanced value of rejected or missing units: no return fee, never above the advance."""
        parts = [self.value_of(line_id, quantity) for line_id, quantity in units.items()]
        total = Money.total(parts, self.net.currency)
        return total.at_least_zero().capped(self.given_back)

    def in_words(self) -> tuple[str, ...]:
        """The tree as indented lines, then what it comes to."""
        end = f"To pay {self.due}" if self.due else f"To refund {self.refund}"
        return (*self.tree.in_words(), end)

    def as_json(self) -> dict[str, Json]:
        return {
            "version": 1,
            "destination": self.destination.value,
            "net": money_json(self.net),
            "refund": money_json(self.refund),
            "due": money_json(self.due),
            "tree": self.tree.as_json(),
            "legs": [
                {"tender": leg.tender_id, "amount": money_json(leg.amount)} for leg in self.legs
            ],
            "lines": {key: _line_json(line) for key, line in self.line_amounts.items()},
            "differences": [
                {"ref": each.ref, "amount": money_json(each.amount)} for each in self.differences
            ],
        }

    @classmethod
    def from_json(cls, data: Json) -> Self:
        """Exact inverse of `as_json`; the sums are read from the tree, which proves itself."""
        fields = entries(data)
        legs = [entries(each) for each in items(fields["legs"])]
        differences = [entries(each) for each in items(fields["differences"])]
        lines = entries(fields["lines"])
        return cls(
            tree=Node.from_json(fields["tree"]),
            destination=Destination(text(fields["destination"])),
            legs=tuple(Leg(text(each["tender"]), money_of(each["amount"])) for each in legs),
            line_amounts={key: _line_of(entries(line)) for key, line in lines.items()},
            differences=tuple(
                Difference(text(each["ref"]), money_of(each["amount"])) for each in differences
            ),
        )


def _line_json(line: LineAmount) -> dict[str, Json]:
    return {
        "quantity": line.quantity,
        "net": money_json(line.net),
        "tax": money_json(line.tax),
        "gross": money_json(line.gross),
        "withheld": money_json(line.withheld),
    }


def _line_of(fields: dict[str, Json]) -> LineAmount:
    return LineAmount(
        quantity=whole(fields["quantity"]),
        net=money_of(fields["net"]),
        tax=money_of(fields["tax"]),
        gross=money_of(fields["gross"]),
        withheld=money_of(fields["withheld"]),
    )
