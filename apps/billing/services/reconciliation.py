"""What must never be found in the invoices (docs/reconciliation.md)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    Exists,
    F,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from apps.billing import choices
from apps.billing.models import Fee, Invoice, InvoiceLine, InvoiceSeries, MerchantPayout
from apps.core.findings import finds, finds_names
from apps.payments.choices import Ledger
from apps.payments.models import LedgerAccount, LedgerEntry

A = Ledger.Account
ZERO = Value(0, output_field=BigIntegerField())
PATIENCE = timedelta(minutes=15)


@finds_names("I-39", "the numbers of a series have a gap")
def gaps_in_series() -> Iterable[str]:
    counted = InvoiceSeries.objects.annotate(
        issued=Count("invoice"), highest=Coalesce(Max("invoice__number"), 0)
    )
    gaps = counted.exclude(issued=F("last_number"), highest=F("last_number"))
    return [str(series) for series in gaps]


@finds("I-39", "an invoice is not the sum of its fees")
def invoices_that_are_not_their_fees(_: datetime) -> "QuerySet[Any, Any]":
    rows = Invoice.objects.invoices().annotate(billed=Coalesce(Sum("fees__amount_minor"), 0))
    return rows.exclude(billed=F("net_minor"))


@finds("I-39", "an invoice and the books disagree")
def invoices_unlike_books(_: datetime) -> "QuerySet[Any, Any]":
    """Services, VAT, what is passed on and what is owed: each has its entry of the same sum."""
    fee = choices.Fee
    rows = Invoice.objects.issued().annotate(
        sign=Case(When(kind=choices.Invoice.Kind.CREDIT_NOTE, then=-1), default=1),
        services=_lines(~Q(kind__in=fee.OUTSIDE)),
        passed_on=_lines(Q(kind__in=fee.PASSED_ON)),
        owed=_lines(Q(kind__in=fee.OWED)),
        receivable=_entered(A.MERCHANT_RECEIVABLE),
        revenue=_entered(A.FEES_REVENUE),
        vat_booked=_entered(A.VAT_PAYABLE),
        booked_on=_entered(A.DISBURSEMENTS),
        payable=_entered(A.MERCHANT_PAYABLE),
    )
    return rows.exclude(
        receivable=F("sign") * F("total_minor"),
        revenue=-F("sign") * F("services"),
        vat_booked=-F("sign") * F("vat_minor"),
        booked_on=-F("sign") * F("passed_on"),
        payable=-F("sign") * F("owed"),
    )


@finds("I-21", "what is owed to a merchant is on no invoice and in no transfer")
def owed_to_merchants_nowhere(at: datetime) -> "QuerySet[Any, Any]":
    """The account is the sum of open reimbursements and of transfers that wait.

    What was posted within a quarter of an hour may not be heard by billing yet.
    """
    same = {"merchant_id": OuterRef("merchant_id"), "currency": OuterRef("currency")}
    fees = Fee.objects.filter(**same, invoice=None, kind=choices.Fee.Kind.REIMBURSED)
    payouts = MerchantPayout.objects.waiting().filter(**same)
    late = LedgerEntry.objects.filter(account=OuterRef("pk"), transaction__at__gt=at - PATIENCE)
    accounts = LedgerAccount.objects.filter(kind=A.MERCHANT_PAYABLE)
    owed = accounts.annotate(open=_sum_of(fees), waiting=_sum_of(payouts))
    return owed.exclude(balance_minor=F("open") - F("waiting")).filter(~Exists(late))


def _lines(which: Q) -> Coalesce:
    lines = InvoiceLine.objects.filter(which, invoice_id=OuterRef("pk"))
    return _sum_of(lines, "net_minor")


def _entered(account: str) -> Coalesce:
    entries = LedgerEntry.objects.filter(
        transaction__merchant_id=OuterRef("merchant_id"),
        transaction__source_type="billing.invoice",
        transaction__source_id=OuterRef("pk"),
        transaction__kind="issued",
        account__kind=account,
    )
    return _sum_of(entries)


def _sum_of(rows: "QuerySet[Any]", column: str = "amount_minor") -> Coalesce:
    sums = rows.order_by().values("merchant_id").annotate(sum=Sum(column))
    return Coalesce(Subquery(sums.values("sum")), ZERO)
