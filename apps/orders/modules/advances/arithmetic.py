"""What goes out at which rung, and what an advance comes to at its end: pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid5

from apps.core.money import Money
from apps.orders.calculator.breakdown import Breakdown
from apps.orders.calculator.tree import Kind
from apps.orders.dtos import Offered
from apps.underwriting import choices as underwriting


@dataclass(frozen=True, slots=True)
class Claim:
    """Value of units that were not accepted; `goods` is the part of it that never left."""

    cause: str
    lines: tuple[str, ...]
    value: Money
    goods: Money


@dataclass(frozen=True, slots=True)
class Ending:
    """`pay` still goes out; `short` is owed by the shopper, and `unpaid` never went out."""

    pay: Money
    short: Money
    unpaid: Money
    kept: Money


def reference_of(key: UUID, rung: str) -> UUID:
    """Of the exposure hold of a part: the same for the same quote and rung."""
    return uuid5(key, rung)


def value_of(breakdown: Breakdown) -> Money:
    """All that leaves the house: money, credit with its bonus, and new goods at their price."""
    return breakdown.refund - breakdown.tree.part(Kind.NEW_GOODS)


def parts_of(limits: Mapping[str, Money], value: Money, *, whole: bool) -> tuple[Offered, ...]:
    """By rung, of limits that rise; `whole` for what cannot be split, such as goods."""
    parts: list[Offered] = []
    out = Money.zero(value.currency)
    for rung in underwriting.RUNGS:
        reached = min(limits[rung], value)
        if rung == underwriting.RUNGS[-1]:
            reached = value
        if whole and reached < value:
            continue
        if reached > out:
            parts.append(Offered(rung, reached - out))
            out = reached
    return tuple(parts)


def ending(
    granted: Money, out: Money, claims: Sequence[Claim], *, nothing_accepted: bool
) -> Ending:
    """`claims` never come to more than what was granted; nothing accepted claims all of it.

    Goods that never left were released on paper only, if they were: they are neither kept nor owed.
    """
    zero = Money.zero(granted.currency)
    goods = Money.total((claim.goods for claim in claims), granted.currency).capped(out)
    value = Money.total((claim.value for claim in claims), granted.currency)
    owed = granted if nothing_accepted else value.capped(granted)
    entitled = granted - owed
    left = out - goods
    if entitled >= left:
        return Ending(entitled - left, zero, owed, entitled)
    return Ending(zero, left - entitled, granted - left, entitled)


def spread(amount: Money, claims: Sequence[Claim]) -> list[Money]:
    """The shortfall by claim, by what each is worth without goods that never left."""
    if not claims:
        return []
    return amount.allocate([(claim.value - claim.goods).at_least_zero().minor for claim in claims])
