"""The breakdown tree: each node is the exact sum of its parts, and can prove it."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from apps.core.money import Money

type Json = str | int | bool | list[Json] | dict[str, Json] | None


class Kind(StrEnum):
    NET = "net"
    GOODS = "goods"
    LINE = "line"
    LIST_PRICE = "list_price"
    DISCOUNT = "discount"
    DISCOUNT_LOST = "discount_lost"
    GIFT_KEPT = "gift_kept"
    ROUNDING = "rounding"
    TAX = "tax"
    SHIPPING = "shipping"
    DUTIES = "duties"
    BONUS = "bonus"
    NEW_GOODS = "new_goods"
    EXCHANGE = "exchange"
    FEES = "fees"
    RETURN_FEE = "return_fee"
    RESTOCKING = "restocking"
    WITHHELD = "withheld"
    CAPPED = "capped"
    BY_HAND = "by_hand"


class PartsDoNotSum(ValueError):
    """A node whose parts are not its amount: a fault of the program or of stored data."""


@dataclass(frozen=True, slots=True)
class Node:
    """`amount` is signed and holds `tax`; `steps` tell how it was rounded; `ref` whose it is."""

    kind: Kind
    label: str
    amount: Money
    children: tuple[Self, ...] = ()
    tax: Money | None = None
    steps: tuple[str, ...] = ()
    ref: str = ""

    def __post_init__(self) -> None:
        parts = Money.total((each.amount for each in self.children), self.amount.currency)
        if self.children and parts != self.amount:
            raise PartsDoNotSum(f"{self.kind} {self.ref}: {parts} is not {self.amount}")

    @property
    def without_tax(self) -> Money:
        return self.amount if self.tax is None else self.amount - self.tax

    def part(self, kind: Kind) -> Money:
        """Sum of the direct children of that kind."""
        parts = (each.amount for each in self.children if each.kind is kind)
        return Money.total(parts, self.amount.currency)

    def walk(self) -> Iterator[Self]:
        yield self
        for child in self.children:
            yield from child.walk()

    def in_words(self, depth: int = 0) -> Iterator[str]:
        tax = f" (tax {self.tax.amount:f})" if self.tax else ""
        steps = f" [{'; '.join(self.steps)}]" if self.steps else ""
        yield f"{'  ' * depth}{self.label} {self.amount}{tax}{steps}"
        for child in self.children:
            yield from child.in_words(depth + 1)

    def as_json(self) -> dict[str, Json]:
        return {
            "kind": self.kind.value,
            "label": self.label,
            "amount": money_json(self.amount),
            "tax": None if self.tax is None else money_json(self.tax),
            "ref": self.ref,
            "steps": list(self.steps),
            "children": [child.as_json() for child in self.children],
        }

    @classmethod
    def from_json(cls, data: Json) -> Self:
        """Exact inverse of `as_json`; raises PartsDoNotSum on a tree that was tampered with."""
        fields = entries(data)
        tax = fields["tax"]
        return cls(
            kind=Kind(text(fields["kind"])),
            label=text(fields["label"]),
            amount=money_of(fields["amount"]),
            children=tuple(cls.from_json(child) for child in items(fields["children"])),
            tax=None if tax is None else money_of(tax),
            steps=tuple(text(step) for step in items(fields["steps"])),
            ref=text(fields["ref"]),
        )


def money_json(money: Money) -> dict[str, Json]:
    return {**money.as_json()}


def money_of(data: Json) -> Money:
    fields = entries(data)
    return Money.of(text(fields["amount"]), text(fields["currency"]))


def text(data: Json) -> str:
    if not isinstance(data, str):
        raise TypeError("text expected in a stored breakdown")
    return data


def whole(data: Json) -> int:
    if not isinstance(data, int):
        raise TypeError("whole number expected in a stored breakdown")
    return data


def items(data: Json) -> list[Json]:
    if not isinstance(data, list):
        raise TypeError("list expected in a stored breakdown")
    return data


def entries(data: Json) -> dict[str, Json]:
    if not isinstance(data, dict):
        raise TypeError("object expected in a stored breakdown")
    return data
