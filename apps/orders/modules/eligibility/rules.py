"""A rule as data: one action, and conditions that must all hold. Pure, linear, without regex."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Self

from apps.orders.choices import Policy

NUMBERS = frozenset(
    {
        Policy.Field.LINE_TOTAL,
        Policy.Field.ORDER_TOTAL,
        Policy.Field.DISCOUNT_PERCENT,
        Policy.Field.DAYS_SINCE_START,
    }
)

type Text = tuple[str, ...] | None
"""What a unit says of a field; several tags at once, None where it is not known yet."""


@dataclass(frozen=True, slots=True)
class Condition:
    """`values` are compared without case; `number` is read by gte and lte only."""

    field: str
    operator: str
    values: tuple[str, ...] = ()
    number: Decimal = Decimal(0)

    @classmethod
    def from_json(cls, stored: Mapping[str, object]) -> Self:
        """Of a condition that `validation.problems` has passed."""
        name, operator, value = str(stored["field"]), str(stored["operator"]), stored["value"]
        if name in NUMBERS:
            return cls(name, operator, number=Decimal(str(value)))
        values = value if isinstance(value, list) else [value]
        return cls(name, operator, tuple(str(each).casefold() for each in values))

    def holds(self, texts: Mapping[str, Text], numbers: Mapping[str, Decimal]) -> bool:
        """What is not known (a reason not given yet) fulfils no condition."""
        if self.field in NUMBERS:
            return self._compares(numbers[self.field])
        known = texts[self.field]
        if known is None:
            return False
        words = [word.casefold() for word in known]
        if self.operator == Policy.Operator.GLOB:
            return any(matches(pattern, word) for pattern in self.values for word in words)
        found = not set(words).isdisjoint(self.values)
        return found == (self.operator == Policy.Operator.IN)

    def _compares(self, number: Decimal) -> bool:
        if self.operator == Policy.Operator.AT_LEAST:
            return number >= self.number
        return number <= self.number


@dataclass(frozen=True, slots=True)
class Rule:
    """`active_until` is the first moment at which the rule no longer speaks."""

    code: str
    action: str
    conditions: tuple[Condition, ...] = ()
    priority: int = 100
    messages: Mapping[str, str] = field(default_factory=dict)
    active_from: datetime | None = None
    active_until: datetime | None = None

    def is_active(self, at: datetime) -> bool:
        started = self.active_from is None or self.active_from <= at
        return started and (self.active_until is None or at < self.active_until)


def matches(pattern: str, word: str) -> bool:
    """`*` stands for any text. Each piece is looked for once, so the time is linear."""
    first, *rest = pattern.split("*")
    if not rest:
        return word == pattern
    *middle, last = rest
    if not word.startswith(first):
        return False
    place = len(first)
    for piece in middle:
        found = word.find(piece, place)
        if found < 0:
            return False
        place = found + len(piece)
    return len(word) - len(last) >= place and word.endswith(last)
