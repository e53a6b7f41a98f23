"""What must never be found in the ledger and in store credit (docs/reconciliation.md)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Count, F, Min, Q, QuerySet, Sum, Value
from django.db.models.fields import BigIntegerField, CharField
from django.db.models.functions import Coalesce

from apps.core.findings import finds, finds_names
from apps.payments import choices
from apps.payments.gateways.store_credit.models import StoreCreditAccount
from apps.payments.helpers import working_days_before
from apps.payments.models import LedgerAccount, LedgerEntry, LedgerTransaction

type Rows = QuerySet[Any, Any]

ZERO = Value(0, output_field=BigIntegerField())
TRANSIT_DAYS = 5
TRANSACTION = Value("payments.ledgertransaction", output_field=CharField())
FIXED = (
    "payments_ledgertransaction_fixed_rows",
    "payments_ledgerentry_fixed_rows",
    "payments_storecreditmovement_fixed_rows",
)


@finds_names("I-17", "a trigger is missing")
def books_that_may_change() -> Iterable[str]:
    """The triggers that refuse every change must be there and switched on."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D'")
        on = {row[0] for row in cursor.fetchall()}
    return [name for name in FIXED if name not in on]


@finds("I-18", "a transaction does not balance", subject="transaction_id")
def unbalanced_transactions(_: datetime) -> Rows:
    sums = LedgerEntry.objects.order_by().values("merchant_id", "transaction_id", "currency")
    sums = sums.annotate(rest=Sum("amount_minor"), sides=Count("id"), subject_type=TRANSACTION)
    return sums.exclude(rest=0).filter(sides__gte=2)


@finds("I-18", "a transaction does not balance")
def lame_transactions(_: datetime) -> Rows:
    return LedgerTransaction.objects.annotate(sides=Count("entries")).filter(sides__lt=2)


@finds("I-20", "a cached balance is not the sum of its entries")
def balances_off(_: datetime) -> Rows:
    entered = Coalesce(Sum("entries__amount_minor"), ZERO)
    return LedgerAccount.objects.annotate(entered=entered).exclude(entered=F("balance_minor"))


@finds("I-21", "more was paid than owed")
def liabilities_below_zero(_: datetime) -> Rows:
    liability = choices.Ledger.Nature.LIABILITY
    return LedgerAccount.objects.filter(nature=liability, may_overdraw=False, balance_minor__gt=0)


@finds("I-22", "store credit is not the sum of its movements")
def credit_off(_: datetime) -> Rows:
    """Each figure of an account is the sum of its movements."""
    figures = {
        f"sum_{kind}": Coalesce(
            Sum("movements__amount_minor", filter=Q(movements__kind=kind)), ZERO
        )
        for kind in choices.StoreCredit.Movement.values
    }
    return StoreCreditAccount.objects.annotate(**figures).exclude(
        issued_minor=F("sum_issue"),
        spent_minor=F("sum_spend"),
        voided_minor=F("sum_void"),
        expired_minor=F("sum_expire"),
    )


@finds("I-32", "money is in transit for more than five working days", subject="subject_id")
def transit_not_cleared(at: datetime) -> Rows:
    """What was posted to a clearing account for one payment sums to zero when it arrived."""
    entries = LedgerEntry.objects.order_by().filter(account__kind__in=choices.Ledger.CLEARING)
    sums = entries.values(
        "merchant_id",
        "currency",
        subject_type=F("transaction__source_type"),
        subject_id=F("transaction__source_id"),
    ).annotate(rest=Sum("amount_minor"), since=Min("transaction__at"))
    return sums.exclude(rest=0).filter(since__lt=working_days_before(at, TRANSIT_DAYS))
