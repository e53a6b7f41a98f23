"""Every day: what the provider says that refunds moved, against what our books say (I-33)."""

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Q

from apps.core.money import Money
from apps.payments import choices
from apps.payments.dtos import BalanceReport, Movement, OddLine
from apps.payments.gateways.stripe import facts as stripe
from apps.payments.managers import OutsideRefundQuerySet
from apps.payments.models import (
    BalanceDay,
    GatewayAccount,
    LedgerEntry,
    OddBalanceLine,
    OutsideRefund,
)
from apps.payments.refusals import NoAnswer, Refused
from apps.payments.services.reported import Reported, reported_accounts

logger = logging.getLogger(__name__)
Status = choices.Payment.Status
DAY = timedelta(days=1)
# Days that are matched again with each run, since a word may have come late.
AGAIN = 3
# A refund may be settled here days after the provider moved it.
LATE = timedelta(days=7)
# What a refund says of itself, whatever its books say.
SENT = ("amount_minor", "currency")
Sums = defaultdict[str, int]


def match_balances(at: datetime) -> int:
    """The last whole days of every account whose provider publishes its balance.

    Returns how many figures were written.
    """
    return sum(_match(account, at) for account in reported_accounts())


def _match(reported: Reported, at: datetime) -> int:
    today = _midnight(at)
    since = today - AGAIN * DAY - LATE
    try:
        report = reported.read(since, today)
        for movement in _unheard(reported, report.movements):
            reported.take(movement, at)
    except (NoAnswer, Refused, stripe.Refused) as error:
        logger.warning("no balance report of %s: %r", reported.account, error)
        return 0
    _keep_odd(reported, report.odd, at)
    end = max(_midnight(report.until), since)
    days = [each.date() for each in (end - number * DAY for number in range(1, AGAIN + 1))]
    written = sum(_write(reported, day, report, at) for day in days if day >= since.date())
    if end > since:
        _mark(reported, end)
    return written


def _mark(reported: Reported, end: datetime) -> None:
    """How far the report has told; a Stripe account marks how far its events were read."""
    account = reported.account
    if isinstance(account, GatewayAccount):
        account.catch_up_to(max(end, account.caught_up_to or end))


def _unheard(reported: Reported, moved: Sequence[Movement]) -> list[Movement]:
    """Refunds that the report names and we do not, neither as ours nor as made there, and those of
    ours that have not come to the end here that they have there; in the order of their days."""
    named = reported.known.filter(provider_ref__in={each.refund for each in moved})
    states = dict(named.values_list("provider_ref", "status"))
    made_there = set(_outside(reported, moved).values_list("provider_ref", flat=True))
    found = [each for each in moved if not _is_heard(each, states, made_there)]
    return sorted(found, key=lambda each: each.at)


def _is_heard(each: Movement, states: dict[str, str], made_there: set[str]) -> bool:
    status = states.get(each.refund)
    if status is None:
        return each.refund in made_there
    return status == Status.RETURNED or (status == Status.SUCCEEDED and each.amount.minor < 0)


def _keep_odd(reported: Reported, odd: Iterable[OddLine], at: datetime) -> None:
    """Once for a kind that we do not know, once for each line that cannot be read."""
    examples = {(line.kind, "" if line.kind else line.line[:160]): line.line[:160] for line in odd}
    rows = [
        OddBalanceLine(
            merchant_id=reported.account.merchant_id,
            gateway=reported.gateway,
            account=reported.account.pk,
            kind=kind,
            line=line,
            example=example,
            seen_at=at,
        )
        for (kind, line), example in examples.items()
    ]
    OddBalanceLine.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["merchant", "gateway", "account", "kind", "line"],
        update_fields=["seen_at"],
    )


def _write(reported: Reported, day: date, report: BalanceReport, at: datetime) -> int:
    said, booked = Sums(int), Sums(int)
    of_day = [each for each in report.movements if each.at.date() == day]
    for each in of_day:
        said[each.amount.currency] += each.amount.minor
    for amount in _booked(reported, day, report.movements):
        booked[amount.currency] += amount.minor
    facts = {
        "merchant_id": reported.account.merchant_id,
        "gateway": reported.gateway,
        "account": reported.account.pk,
        "day": day,
    }
    known = BalanceDay.objects.filter(**facts).values_list("currency", flat=True)
    currencies = sorted({*said, *booked, *known})
    BalanceDay.objects.bulk_create(
        [
            BalanceDay(
                **facts,
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


def _booked(reported: Reported, day: date, moved: Sequence[Movement]) -> Iterator[Money]:
    """An entry belongs to the day on which the provider moved its refund, else to its own."""
    of_day = [each for each in moved if each.at.date() == day]
    days = {(each.refund, each.amount.minor < 0): each.at.date() for each in moved}
    for refund, amount, when in _entries(reported, day, of_day):
        if days.get((refund, amount.minor < 0), when.astimezone(UTC).date()) == day:
            yield amount
    yield from _without_entry(reported, moved, of_day)
    yield from _made_there(reported, of_day)


def _entries(
    reported: Reported, day: date, of_day: Sequence[Movement]
) -> list[tuple[str, Money, datetime]]:
    """The provider's refund, amount and time of what our books hold of `day`."""
    start = datetime.combine(day, time(), UTC)
    named = reported.refunds.filter(provider_ref__in=[each.refund for each in of_day])
    known = dict(named.values_list("pk", "provider_ref"))
    window = Q(transaction__at__gte=start, transaction__at__lt=start + DAY)
    entries = LedgerEntry.objects.filter(
        Q(transaction__source_id__in=known) | window,
        merchant_id=reported.account.merchant_id,
        transaction__source_type="payments.payment",
        account__kind=reported.balance,
    )
    rows = list(
        entries.values_list("transaction__source_id", "currency", "amount_minor", "transaction__at")
    )
    others = reported.refunds.filter(pk__in=[row[0] for row in rows])
    known |= dict(others.values_list("pk", "provider_ref"))
    return [(known[row[0]], Money(row[2], row[1]), row[3]) for row in rows if row[0] in known]


def _without_entry(
    reported: Reported, moved: Sequence[Movement], of_day: Sequence[Movement]
) -> Iterator[Money]:
    """On its way here and gone there, or refused here and come back there: as we sent it."""
    back = {each.refund for each in moved if each.amount.minor > 0}
    named = reported.refunds.filter(provider_ref__in=[each.refund for each in of_day])
    states = {row[0]: row[1:] for row in named.values_list("provider_ref", "status", *SENT)}
    for each in of_day:
        status, minor, currency = states.get(each.refund, ("", 0, ""))
        if status == Status.PROCESSING or (status == Status.FAILED and each.refund in back):
            yield Money(-minor if each.amount.minor < 0 else minor, currency)


def _made_there(reported: Reported, of_day: Sequence[Movement]) -> Iterator[Money]:
    """Made at the provider and counted here: known, though in no book of ours."""
    seen = {refund.provider_ref: refund.amount for refund in _outside(reported, of_day)}
    for each in of_day:
        if amount := seen.get(each.refund):
            yield -amount if each.amount.minor < 0 else amount


def _outside(reported: Reported, moved: Sequence[Movement]) -> OutsideRefundQuerySet:
    return OutsideRefund.objects.filter(
        merchant_id=reported.account.merchant_id,
        gateway=reported.gateway,
        provider_ref__in={each.refund for each in moved},
    )


def _midnight(at: datetime) -> datetime:
    """The one in UTC that `at` comes after, or is."""
    return datetime.combine(at.astimezone(UTC).date(), time(), UTC)
