"""The sums of an invoice: VAT once per rate on its base, then shared out to the lines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from apps.core.money import Money


@dataclass(frozen=True, slots=True)
class VatRow:
    rate: Decimal
    base: Money
    vat: Money


@dataclass(frozen=True, slots=True)
class Totals:
    """`line_vat` has one amount for each line given; they add up to `vat` in every rate."""

    net: Money
    vat: Money
    line_vat: tuple[Money, ...]
    by_rate: tuple[VatRow, ...]

    @property
    def total(self) -> Money:
        return self.net + self.vat


def totals_of(
    lines: Sequence[tuple[Money, Decimal]],
    currency: str,
    before: Mapping[Decimal, VatRow] | None = None,
) -> Totals:
    """`lines` are (net, rate); the base of a rate above zero must not be below zero.

    `before` is what earlier credit notes took of the same invoice: rounded together with it, all of
    them take back the very VAT that was charged.
    """
    earlier = before or {}
    shares = [Money.zero(currency)] * len(lines)
    rows = []
    for rate in sorted({rate for _, rate in lines}, reverse=True):
        places = [place for place, line in enumerate(lines) if line[1] == rate]
        nets = [lines[place][0] for place in places]
        base = Money.total(nets, currency)
        row = VatRow(rate, base, _vat(base, rate, earlier.get(rate)))
        rows.append(row)
        for place, share in zip(places, shared(row.vat, nets), strict=True):
            shares[place] = share
    net = Money.total((net for net, _ in lines), currency)
    return Totals(net, Money.total(shares, currency), tuple(shares), tuple(rows))


def _vat(base: Money, rate: Decimal, before: VatRow | None) -> Money:
    if before is None:
        return base.percent(rate)
    return (before.base + base).percent(rate) - before.vat


def shared(amount: Money, nets: Sequence[Money]) -> list[Money]:
    """By largest remainder, ties to the earlier; unlike `Money.allocate` credits count below zero.

    ValueError: there is an amount and nothing above zero to share it over.
    """
    base = sum(net.minor for net in nets)
    if not amount:
        return [amount for _ in nets]
    if base <= 0:
        raise ValueError("an amount of VAT needs a base above zero")
    parts = [divmod(amount.minor * net.minor, base) for net in nets]
    left = amount.minor - sum(whole for whole, _ in parts)
    by_remainder = sorted(range(len(parts)), key=lambda place: (-parts[place][1], place))
    extra = set(by_remainder[:left])
    return [
        Money(whole + (place in extra), amount.currency) for place, (whole, _) in enumerate(parts)
    ]
