"""Every day: what the provider says that refunds moved, against what our books say (I-33)."""

import logging
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Q

from apps.payments import choices
from apps.payments.dtos import Movement
from apps.payments.gateways.stripe.facts import Refused
from apps.payments.gateways.stripe.models import StripeAccount, StripeRefund
from apps.payments.models import BalanceDay, LedgerEntry, OutsideRefund
from apps.payments.refusals import NoAnswer
from apps.payments.services.stripe import take_refund

logger = logging.getLogger(__name__)
DAY = timedelta(days=1)
# Days that are matched again with each run, since a word may have come late.
AGAIN = 3
# A refund may be settled here days after the provider moved it.
LATE = timedelta(days=7)
Sums = defaultdict[str, int]


def match_balances(at: datetime) -> int:
    """The last whole days of every Stripe account in use; returns how many figures were written."""
    return sum(_match(account, at) for account in StripeAccount.objects.of_merchants())


def _match(account: StripeAccount, at: datetime) -> int:
    today = datetime.combine(at.astimezone(UTC).date(), time(), UTC)
    first = today - AGAIN * DAY
    try:
        moved = list(account.client().movements(first - LATE, today))
        for refund in _unknown(account, moved):
            take_refund(account, refund, at)
    except (NoAnswer, Refused) as error:
        logger.warning("no balance report of %s: %r", account, error)
        return 0
    days = [first.date() + number * DAY for number in range(AGAIN)]
    return sum(_write(account, day, moved, at) for day in days)


def _unknown(account: StripeAccount, moved: Iterable[Movement]) -> list[str]:
    """Refunds that the report names and we do not, neither as ours nor as made there."""
    named = dict.fromkeys(each.refund for each in moved)
    theirs = Q(merchant_id=account.merchant_id, provider_ref__in=named)
    known = set(StripeRefund.objects.filter(theirs).values_list("provider_ref", flat=True))
    outside = OutsideRefund.objects.filter(theirs, gateway=choices.Payment.Gateway.STRIPE)
    known |= set(outside.values_list("provider_ref", flat=True))
    return [refund for refund in named if refund not in known]


def _write(account: StripeAccount, day: date, moved: list[Movement], at: datetime) -> int:
    said, booked = Sums(int), Sums(int)
    of_day = [each for each in moved if each.at.date() == day]
    for each in of_day:
        said[each.amount.currency] += each.amount.minor
    _add_booked(booked, account, day, moved)
    _add_outside(booked, account, of_day)
    days = BalanceDay.objects.filter(
        merchant_id=account.merchant_id,
        gateway=choices.Payment.Gateway.STRIPE,
        account=account.pk,
        day=day,
    )
    known = set(days.values_list("currency", flat=True))
    currencies = sorted({*said, *booked, *known})
    BalanceDay.objects.bulk_create(
        [
            BalanceDay(
                merchant_id=account.merchant_id,
                gateway=choices.Payment.Gateway.STRIPE,
                account=account.pk,
                day=day,
                currency=currency,
                provider_minor=said[currency],
                books_minor=booked[currency],
                matched_at=at,
            )
            for currency in currencies
        ],
        update_conflicts=True,
        unique_fields=["merchant", "gateway", "account", "day", "currency"],
        update_fields=["provider_minor", "books_minor", "matched_at"],
    )
    return len(currencies)


def _add_booked(booked: Sums, account: StripeAccount, day: date, moved: list[Movement]) -> None:
    """An entry belongs to the day on which the provider moved its refund, else to its own."""
    days = {(each.refund, each.amount.minor < 0): each.at.date() for each in moved}
    for payment, currency, minor, when in _entries(account, day, moved):
        if days.get((payment, minor < 0), when.astimezone(UTC).date()) == day:
            booked[currency] += minor


def _entries(
    account: StripeAccount, day: date, moved: list[Movement]
) -> list[tuple[str, str, int, datetime]]:
    """The provider's refund, currency, minor units and time of what our books hold of `day`."""
    refunds = StripeRefund.objects.filter(stripe_account=account)
    start = datetime.combine(day, time(), UTC)
    named = [each.refund for each in moved if each.at.date() == day]
    known = dict(refunds.filter(provider_ref__in=named).values_list("pk", "provider_ref"))
    window = Q(transaction__at__gte=start, transaction__at__lt=start + DAY)
    entries = LedgerEntry.objects.filter(
        Q(transaction__source_id__in=known) | window,
        merchant_id=account.merchant_id,
        transaction__source_type="payments.payment",
        account__kind=choices.Ledger.Account.STRIPE_BALANCE,
    )
    rows = list(
        entries.values_list("transaction__source_id", "currency", "amount_minor", "transaction__at")
    )
    others = refunds.filter(pk__in=[row[0] for row in rows])
    known |= dict(others.values_list("pk", "provider_ref"))
    return [(known[row[0]], row[1], row[2], row[3]) for row in rows if row[0] in known]


def _add_outside(booked: Sums, account: StripeAccount, of_day: list[Movement]) -> None:
    """Made at the provider and counted here: known, though in no book of ours."""
    seen = OutsideRefund.objects.filter(
        merchant_id=account.merchant_id,
        gateway=choices.Payment.Gateway.STRIPE,
        provider_ref__in=[each.refund for each in of_day],
    )
    amounts = {refund.provider_ref: refund.amount_minor for refund in seen}
    for each in of_day:
        known = amounts.get(each.refund, 0)
        booked[each.amount.currency] += -known if each.amount.minor < 0 else known
