"""What a month itself costs: the plan, the top-up to the minimum, a credit that is left over."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import Sum

from apps.billing import choices
from apps.billing.calculator.periods import days_covered, days_in, month_after, prorated
from apps.billing.calculator.vat import rate_of
from apps.billing.dtos import Charge
from apps.billing.helpers import start_of
from apps.billing.models import BillingProfile, Fee, FeeSchedule, Subscription
from apps.billing.modules.documents.sheet_texts import MADE
from apps.billing.modules.documents.speech import month_written
from apps.billing.services.accrual import NoPrice, accrue
from apps.core.money import Money
from apps.core.words import say

if TYPE_CHECKING:
    from apps.accounts.models import Merchant

Kind = choices.Fee.Kind


def charge_month(profile: BillingProfile, month: date) -> None:
    """Plan by days, and what its use falls short of the minimum, also by days."""
    merchant = profile.merchant
    least: dict[str, Money] = {}
    last: dict[str, Subscription] = {}
    plans = Subscription.objects.for_merchant(merchant).select_related("plan")
    for plan in plans.overlapping(month, month_after(month)).order_by("starts_on"):
        days = days_covered(month, plan.starts_on, plan.ends_on)
        prices = FeeSchedule.objects.in_force(
            plan.plan_id, plan.currency, max(month, plan.starts_on)
        )
        if prices is None:
            raise NoPrice(currency=plan.currency)
        words = _plan_words(plan, month, days, profile.language)
        _charge_plan(plan, month, words, prorated(prices.monthly, month, days))
        zero = Money.zero(plan.currency)
        least[plan.currency] = least.get(plan.currency, zero) + prorated(
            prices.minimum, month, days
        )
        last[plan.currency] = plan
    for currency, minimum in least.items():
        _top_up(last[currency], month, minimum - used(merchant, month, currency))


def used(merchant: "Merchant", month: date, currency: str) -> Money:
    """What the month's own use costs; fees that came late count in their month, not in this."""
    rows = Fee.objects.for_merchant(merchant).filter(
        period=month, currency=currency, kind__in=choices.Fee.USAGE
    )
    return Money(rows.aggregate(sum=Sum("amount_minor"))["sum"] or 0, currency)


def carry_credit(profile: BillingProfile, month: date, currency: str) -> None:
    """Credits above what the month costs: no invoice is below zero, the rest waits for the next.

    The two fees cancel out: one stands on this invoice, its mirror on a later one.
    """
    merchant, language = profile.merchant, profile.language
    open_fees = Fee.objects.for_merchant(merchant).open(month)
    rows = open_fees.filter(currency=currency, vat_class=choices.Vat.Class.SERVICE)
    net = rows.aggregate(sum=Sum("amount_minor"))["sum"] or 0
    if net >= 0:
        return
    subject = ("accounts.merchant", merchant.pk)
    next_month = start_of(month_after(month))
    label = f"{month:%Y-%m} {currency}"
    accrue(
        Charge(
            merchant_id=merchant.pk,
            kind=Kind.CARRIED,
            amount=Money(-net, currency),
            subject=subject,
            at=next_month - timedelta(seconds=1),
            reference=label,
        )
    )
    accrue(
        Charge(
            merchant_id=merchant.pk,
            kind=Kind.CREDIT,
            amount=Money(net, currency),
            subject=subject,
            at=next_month,
            description=say(MADE, "carried", language, month=month_written(month, language)),
            reference=label,
        )
    )


def pay_out_rest(profile: BillingProfile, month: date, currency: str) -> None:
    """What is owed to the merchant beyond all that the month costs, VAT included, goes to its bank.

    Money of its own waits for no later month; the line brings the invoice to zero.
    """
    merchant = profile.merchant
    rows = Fee.objects.for_merchant(merchant).open(month).filter(currency=currency)
    sums = dict(rows.order_by().values_list("vat_class").annotate(Sum("amount_minor")))
    services = Money(sums.get(choices.Vat.Class.SERVICE, 0), currency)
    vat = services.percent(rate_of(choices.Vat.Class.SERVICE, profile.treatment))
    total = services + vat + Money(sums.get(choices.Vat.Class.OUTSIDE, 0), currency)
    accrue(
        Charge(
            merchant_id=merchant.pk,
            kind=Kind.PAID_OUT,
            amount=(-total).at_least_zero(),
            subject=("accounts.merchant", merchant.pk),
            at=start_of(month_after(month)) - timedelta(seconds=1),
            reference=f"{month:%Y-%m} {currency}",
        )
    )


def _plan_words(plan: Subscription, month: date, days: int, language: str) -> str:
    whole = days_in(month)
    part = "" if days == whole else say(MADE, "part", language, days=days, all=whole)
    named = month_written(month, language)
    return say(MADE, "plan", language, plan=plan.plan, month=named) + part


def _charge_plan(plan: Subscription, month: date, words: str, price: Money) -> None:
    accrue(
        Charge(
            merchant_id=plan.merchant_id,
            kind=Kind.PLAN,
            amount=price,
            subject=("billing.subscription", plan.pk),
            at=start_of(max(month, plan.starts_on)),
            description=words,
            reference=f"{month:%Y-%m}",
        )
    )


def _top_up(plan: Subscription, month: date, short: Money) -> None:
    accrue(
        Charge(
            merchant_id=plan.merchant_id,
            kind=Kind.TOP_UP,
            amount=short.at_least_zero(),
            subject=("billing.subscription", plan.pk),
            at=start_of(month_after(month)) - timedelta(seconds=1),
            reference=f"{month:%Y-%m}",
        )
    )
