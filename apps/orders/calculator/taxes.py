"""Tax parts at the rate stored at sale, a percentage such as `Decimal("21")`."""

from decimal import Decimal
from fractions import Fraction

from apps.core.money import Money, half_up


def tax_inside(gross: Money, rate: Decimal | None) -> Money:
    """The part of a tax-included amount that is tax: 50.00 at 21 % holds 8.68."""
    if rate is None:
        return Money.zero(gross.currency)
    exact = Fraction(gross.minor) * Fraction(rate) / (100 + Fraction(rate))
    return Money(half_up(exact), gross.currency)


def tax_upon(net: Money, rate: Decimal | None) -> Money:
    """The tax that comes on top of an amount without tax."""
    return Money.zero(net.currency) if rate is None else net.percent(rate)
