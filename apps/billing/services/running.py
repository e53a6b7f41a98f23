"""What the month has come to so far."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Count, Sum

from apps.billing import choices
from apps.billing.calculator.periods import month_of
from apps.billing.helpers import day_of
from apps.billing.models import BillingProfile, Fee, FeeSchedule, Subscription
from apps.core.money import Money

if TYPE_CHECKING:
    from apps.accounts.models import Merchant

PLACES = {kind: place for place, kind in enumerate(choices.Fee.Kind.values)}


@dataclass(frozen=True, slots=True)
class Part:
    kind: str
    quantity: int
    net: Money


@dataclass(frozen=True, slots=True)
class RunningMonth:
    """`parts` are fees on no invoice yet, late ones of earlier months too; plan and top-up are
    charged when the month closes, so only their prices are known."""

    period: date
    plan: str
    monthly: Money | None
    minimum: Money | None
    parts: tuple[Part, ...]

    @property
    def totals(self) -> tuple[Money, ...]:
        """One for each currency, net of VAT."""
        sums: dict[str, Money] = {}
        for part in self.parts:
            currency = part.net.currency
            sums[currency] = sums.get(currency, Money.zero(currency)) + part.net
        return tuple(sums[currency] for currency in sorted(sums))


def running_month(merchant: "Merchant", at: datetime) -> RunningMonth:
    day = day_of(at)
    mine = Subscription.objects.for_merchant(merchant).on(day).select_related("plan").first()
    prices = None
    if mine is not None:
        prices = FeeSchedule.objects.in_force(mine.plan_id, mine.currency, day)
    rows = Fee.objects.for_merchant(merchant).open(month_of(day)).values("kind", "currency")
    sums = rows.annotate(quantity=Count("pk"), net=Sum("amount_minor"))
    parts = [Part(row["kind"], row["quantity"], Money(row["net"], row["currency"])) for row in sums]
    return RunningMonth(
        period=month_of(day),
        plan="" if mine is None else mine.plan.name,
        monthly=None if prices is None else prices.monthly,
        minimum=None if prices is None else prices.minimum,
        parts=tuple(sorted(parts, key=lambda part: (PLACES[part.kind], part.net.currency))),
    )


def profile_of(merchant: "Merchant") -> BillingProfile:
    """As it stands, or as it would begin; nothing is written."""
    profile = BillingProfile.objects.for_merchant(merchant).first()
    return profile or BillingProfile(
        merchant=merchant,
        legal_name=merchant.legal_name,
        country=merchant.country,
        currency=merchant.currency,
    )
