"""Plans and prices from when on, and which merchant has which."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction

from apps.billing import choices
from apps.billing.calculator.periods import month_after
from apps.billing.models import BillingProfile, ClosedMonth, FeeSchedule, Plan, Subscription
from apps.billing.services.accrual import NoPrice
from apps.core.errors import DomainError
from apps.core.verbs import lock

if TYPE_CHECKING:
    from apps.accounts.models import Merchant


class MonthIsClosed(DomainError):
    code = "month_is_closed"
    title = "The day lies in a month that was billed already, or before the plan began"
    status = 409


@dataclass(frozen=True, slots=True)
class SubscribeRequest:
    """`currency` empty: that of the merchant."""

    merchant: "Merchant"
    plan: Plan
    starts_on: date
    currency: str = ""


@transaction.atomic
def subscribe(request: SubscribeRequest, at: datetime) -> Subscription:
    """The plan it had ends the day before; its billing profile is begun from what is known.

    Raises NoPrice, or MonthIsClosed for a day that was billed.
    """
    merchant = request.merchant
    lock(merchant)
    open_profile(merchant)
    _check_open(merchant, request.starts_on)
    currency = request.currency or merchant.currency
    if not FeeSchedule.objects.in_force(request.plan.pk, currency, request.starts_on):
        raise NoPrice(currency=currency)
    running = Subscription.objects.for_merchant(merchant).filter(ends_on=None).first()
    if running is not None:
        _end(running, request.starts_on)
    subscription = Subscription(
        merchant=merchant,
        plan=request.plan,
        currency=currency,
        starts_on=request.starts_on,
    )
    subscription.save(force_insert=True)
    subscription.record(
        choices.Event.SUBSCRIPTION_STARTED,
        plan=request.plan.code,
        starts_on=request.starts_on.isoformat(),
    )
    return subscription


@transaction.atomic
def unsubscribe(subscription: Subscription, ends_on: date) -> None:
    """`ends_on` is the first day without it. Raises MonthIsClosed for a day that was billed."""
    lock(subscription.merchant)
    lock(subscription)
    _check_open(subscription.merchant, ends_on)
    _end(subscription, ends_on)


def open_profile(merchant: "Merchant") -> BillingProfile:
    """As it stands; a new one has the merchant's legal name and country, and no address yet."""
    profile, _ = BillingProfile.objects.get_or_create(
        merchant=merchant,
        defaults={
            "legal_name": merchant.legal_name,
            "country": merchant.country,
            "currency": merchant.currency,
        },
    )
    return profile


def _end(subscription: Subscription, ends_on: date) -> None:
    if ends_on < subscription.starts_on:
        raise MonthIsClosed(day=ends_on.isoformat())
    subscription.end(ends_on)


def _check_open(merchant: "Merchant", day: date) -> None:
    closed = ClosedMonth.objects.for_merchant(merchant).order_by("-period").first()
    if closed is not None and day < month_after(closed.period):
        raise MonthIsClosed(day=day.isoformat())
