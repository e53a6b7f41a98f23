"""Queries that must find nothing (reliability.md 3.3 and 3.4); each finding names its invariant."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection
from django.db.models import Count, Exists, F, Model, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.fields import BigIntegerField, CharField
from django.db.models.functions import Cast, Coalesce, Concat

from apps.orders.models import LineItem, Order, OrderTender
from apps.payments import choices
from apps.payments.gateways.store_credit.models import StoreCreditAccount
from apps.payments.models import LedgerAccount, LedgerTransaction, Payment
from apps.payments.modules.ledger import models as ledger

if TYPE_CHECKING:
    from apps.accounts.models import Merchant

Status, Movement = choices.Payment.Status, choices.StoreCredit.Movement
ZERO = Value(0, output_field=BigIntegerField())
FIXED = (
    "payments_ledgertransaction_fixed_rows",
    "payments_ledgerentry_fixed_rows",
    "payments_storecreditmovement_fixed_rows",
)


@dataclass(frozen=True, slots=True)
class Finding:
    invariant: str
    what: str
    subject: str

    def __str__(self) -> str:
        return f"{self.invariant} {self.what}: {self.subject}"


def lines_above_paid(of: UUID | None) -> Iterable[Finding]:
    rows = LineItem.objects.filter(refunded_minor__gt=F("paid_minor"))
    return _found(of, "I-08", "a line gave back more than was paid for it", rows)


def orders_above_captured(of: UUID | None) -> Iterable[Finding]:
    paid = _out().exclude(purpose=choices.Payment.Purpose.ADJUSTMENT)
    rows = Order.objects.annotate(out=_sum_of(paid, "order_id")).filter(
        Q(out__gt=F("refunded_minor")) | Q(refunded_minor__gt=F("captured_minor"))
    )
    return _found(of, "I-09", "an order's payments are above its cap", rows)


def tenders_above_captured(of: UUID | None) -> Iterable[Finding]:
    rows = OrderTender.objects.annotate(out=_sum_of(_out(), "tender_id")).filter(
        Q(out__gt=F("refunded_minor")) | Q(refunded_minor__gt=F("captured_minor"))
    )
    return _found(of, "I-12", "a payment of the order gave back more than it captured", rows)


def paid_without_reference(of: UUID | None) -> Iterable[Finding]:
    rows = _payments().filter(status__in=choices.Payment.PAID, provider_ref="")
    return _found(of, "I-15", "a payment succeeded without a reference", rows)


def books_that_may_change(of: UUID | None) -> Iterable[Finding]:
    """The triggers that refuse every change must be there and switched on."""
    if of is not None:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D'")
        on = {row[0] for row in cursor.fetchall()}
    return [Finding("I-17", "a trigger is missing", name) for name in FIXED if name not in on]


def unbalanced_transactions(of: UUID | None) -> Iterable[Finding]:
    entries = ledger.LedgerEntry.objects.all()
    if of is not None:
        entries = entries.filter(merchant_id=of)
    crooked = entries.values("transaction_id", "currency").annotate(rest=Sum("amount_minor"))
    lame = LedgerTransaction.objects.annotate(sides=Count("entries")).filter(sides__lt=2)
    ids = crooked.exclude(rest=0).values("transaction_id")
    rows = LedgerTransaction.objects.filter(Q(pk__in=ids) | Q(pk__in=lame.values("pk")))
    return _found(of, "I-18", "a transaction does not balance", rows)


def payments_not_in_books(of: UUID | None) -> Iterable[Finding]:
    """A payment has its step in the books if, and only if, it took that step."""
    step = Concat(Value("succeeded."), Cast("generation", CharField()))
    posted = LedgerTransaction.objects.filter(
        source_type="payments.payment", source_id=OuterRef("pk"), kind=OuterRef("step")
    )
    rows = _payments().annotate(step=step, posted=Exists(posted))
    paid = Q(status__in=choices.Payment.PAID)
    return _found(of, "I-19", "payment and books disagree", rows.filter(paid ^ Q(posted=True)))


def balances_off(of: UUID | None) -> Iterable[Finding]:
    rows = LedgerAccount.objects.annotate(
        entered=Coalesce(Sum("entries__amount_minor"), ZERO)
    ).exclude(entered=F("balance_minor"))
    return _found(of, "I-20", "a cached balance is not the sum of its entries", rows)


def liabilities_below_zero(of: UUID | None) -> Iterable[Finding]:
    liability = choices.Ledger.Nature.LIABILITY
    rows = LedgerAccount.objects.filter(nature=liability, may_overdraw=False, balance_minor__gt=0)
    return _found(of, "I-21", "more was paid than owed", rows)


def credit_off(of: UUID | None) -> Iterable[Finding]:
    """Each figure of an account is the sum of its movements."""
    figures = {
        f"sum_{kind}": Coalesce(
            Sum("movements__amount_minor", filter=Q(movements__kind=kind)), ZERO
        )
        for kind in Movement.values
    }
    rows = StoreCreditAccount.objects.annotate(**figures).exclude(
        issued_minor=F("sum_issue"),
        spent_minor=F("sum_spend"),
        voided_minor=F("sum_void"),
        expired_minor=F("sum_expire"),
    )
    return _found(of, "I-22", "store credit is not the sum of its movements", rows)


def bonus_as_cash(of: UUID | None) -> Iterable[Finding]:
    rows = _payments().filter(purpose=choices.Payment.Purpose.ADJUSTMENT)
    cash = rows.exclude(gateway=choices.Payment.Gateway.STORE_CREDIT)
    return _found(of, "I-22", "a bonus left as cash", cash)


def returned_without_reversal(of: UUID | None) -> Iterable[Finding]:
    reversal = LedgerTransaction.objects.filter(
        source_type="payments.payment",
        source_id=OuterRef("pk"),
        kind__startswith="returned.",
        reverses__isnull=False,
    )
    rows = _payments().filter(~Exists(reversal), status=Status.RETURNED)
    return _found(of, "I-23", "money came back and was not reversed", rows)


QUERIES: tuple[Callable[[UUID | None], Iterable[Finding]], ...] = (
    lines_above_paid,
    orders_above_captured,
    tenders_above_captured,
    paid_without_reference,
    books_that_may_change,
    unbalanced_transactions,
    payments_not_in_books,
    balances_off,
    liabilities_below_zero,
    credit_off,
    bonus_as_cash,
    returned_without_reversal,
)


def reconcile(merchant: "Merchant | None" = None) -> list[Finding]:
    """Of one merchant, or of all; the triggers are nobody's, so only the latter looks at them."""
    of = None if merchant is None else merchant.pk
    return [finding for query in QUERIES for finding in query(of)]


def _payments() -> "QuerySet[Payment]":
    return Payment.objects.non_polymorphic()


def _out() -> "QuerySet[Payment]":
    return _payments().filter(
        direction=choices.Payment.Direction.OUT, status__in=choices.Payment.LIVE
    )


def _sum_of(payments: "QuerySet[Payment]", link: str) -> Coalesce:
    """Sum of the payments that point at the outer row by `link`."""
    of_row = payments.filter(**{link: OuterRef("pk")}).order_by().values(link)
    return Coalesce(Subquery(of_row.annotate(s=Sum("amount_minor")).values("s")), ZERO)


def _found[M: Model](
    of: UUID | None, invariant: str, what: str, rows: "QuerySet[M]"
) -> list[Finding]:
    if of is not None:
        rows = rows.filter(merchant_id=of)
    ids = rows.order_by("pk").values_list("pk", flat=True).distinct()
    return [Finding(invariant, what, str(pk)) for pk in ids.iterator(chunk_size=2000)]
