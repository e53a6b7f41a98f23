"""Which rows of exposure an advance counts on, and how much of each is left."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from apps.core.money import Money
from apps.underwriting.choices import Exposure, Identity
from apps.underwriting.dtos import Cap, PolicyTerms, Room

MARKS = {
    Exposure.Scope.SHOPPER: (Identity.Kind.EMAIL, Identity.Kind.PHONE),
    Exposure.Scope.DESTINATION: (Identity.Kind.IBAN,),
    Exposure.Scope.ADDRESS: (Identity.Kind.ADDRESS,),
}


def slots_of(
    digests: Mapping[str, str], merchant_id: UUID, store_id: UUID, currency: str, at: datetime
) -> dict[str, str]:
    """Slot by scope; sorted by slot they are the order of locks. The day is the platform's."""
    keys: dict[str, str] = {
        Exposure.Scope.STORE: str(store_id),
        Exposure.Scope.MERCHANT: str(merchant_id),
        Exposure.Scope.DAY: at.date().isoformat(),
    }
    for scope, kinds in MARKS.items():
        known = [digests[kind] for kind in kinds if kind in digests]
        if known:
            keys[scope] = known[0]
    return {str(scope): f"{scope}:{key}:{currency}" for scope, key in keys.items()}


def caps_of(terms: PolicyTerms, merchant_cap: Money, currency: str) -> dict[str, Cap]:
    """The policy's, and the merchant's own where it is lower; none in a foreign currency is none.

    Nothing at all where the policy does not cover the currency.
    """
    sums = terms.sums.get(currency)
    if sums is None:
        return {}
    caps = dict(sums.caps)
    ours = caps[Exposure.Scope.MERCHANT]
    if merchant_cap.minor <= 0:
        ours = Cap(Money.zero(currency), ours.count)
    elif merchant_cap.currency == currency:
        ours = Cap(ours.amount.capped(merchant_cap), ours.count)
    return {**caps, str(Exposure.Scope.MERCHANT): ours}


def room(scope: str, cap: Cap, used_minor: int, count: int) -> Room:
    """Across merchants rounded down to quarters: the rest would tell what others advanced."""
    left = max(cap.amount.minor - used_minor, 0) if count < cap.count else 0
    if scope not in Exposure.OWN and left < cap.amount.minor:
        quarter = max(cap.amount.minor // 4, 1)
        left = left // quarter * quarter
    return Room(scope, Money(left, cap.amount.currency))
