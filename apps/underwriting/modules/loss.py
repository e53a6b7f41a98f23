"""What a decision is expected to cost: a chance by score, less the later the money goes out."""

from fractions import Fraction

from apps.core.money import Money, half_up
from apps.underwriting.choices import EARLY, Rung
from apps.underwriting.dtos import PolicyTerms

# Percent of the chance that is left once the parcel was scanned, and once it arrived.
LEFT_AT = {Rung.PAY_NOW: 100, Rung.PAY_AT_SCAN: 50, Rung.PAY_AT_DELIVERY: 20}


def chance(terms: PolicyTerms, score: int) -> int:
    """Basis points; above the last rate its own, 0 where a policy names none."""
    for rate in terms.loss_rates:
        if score <= rate.up_to:
            return rate.basis_points
    return terms.loss_rates[-1].basis_points if terms.loss_rates else 0


def expected_loss(limits: dict[str, Money], basis_points: int) -> Money:
    """Each part by the rung at which it goes out; what waits for inspection costs nothing."""
    out, weighed = 0, 0
    for rung in EARLY:
        weighed += (limits[rung].minor - out) * LEFT_AT[Rung(rung)]
        out = limits[rung].minor
    currency = limits[Rung.PAY_AT_INSPECTION].currency
    return Money(half_up(Fraction(weighed * basis_points, 100 * 10_000)), currency)
