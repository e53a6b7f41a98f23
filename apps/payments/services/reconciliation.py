"""What must never be found among payments and the orders they pay (docs/reconciliation.md)."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.fields import BigIntegerField, CharField, DecimalField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, Concat

from apps.core import clock, findings
from apps.core.findings import Finding, finds
from apps.orders import choices as orders
from apps.orders.models import AdvancePart, ExchangeLineItem, LineItem, Order, OrderTender
from apps.payments import choices
from apps.payments.gateways.bank_transfer.choices import BankFile as BankWords
from apps.payments.gateways.bank_transfer.received import BankEntry
from apps.payments.gateways.shop_credit.models import ShopCreditRefund
from apps.payments.gateways.store_credit.models import StoreCreditAccount
from apps.payments.models import (
    BalanceDay,
    GatewayAccount,
    LedgerTransaction,
    OddBalanceLine,
    OutsideRefund,
    Payment,
)
from apps.payments.services.reported import VENDORS

if TYPE_CHECKING:
    from apps.accounts.models import Merchant
    from apps.payments.managers import AnyPaymentQuerySet

type Rows = QuerySet[Any, Any]

ZERO = Value(0, output_field=BigIntegerField())
REPORT_PATIENCE = timedelta(days=5)
SUM = DecimalField(max_digits=20, decimal_places=4)
A_WHILE = timedelta(minutes=15)
CANCELLED = orders.Return.Status.CANCELLED


def reconcile(merchant: "Merchant | None" = None) -> list[Finding]:
    """What every query of the product finds now, in all rows or in those of one merchant."""
    return findings.find(clock.now(), merchant.pk if merchant else None)


@finds("I-08", "a line gave back more than was paid for it")
def lines_above_paid(_: datetime) -> Rows:
    return LineItem.objects.filter(refunded_minor__gt=F("paid_minor"))


@finds("I-09", "an order's payments are above its cap")
def orders_above_captured(_: datetime) -> Rows:
    paid = _out().exclude(purpose=choices.Payment.Purpose.ADJUSTMENT)
    return Order.objects.annotate(out=_sum_of(paid, "order_id")).filter(
        Q(out__gt=F("refunded_minor")) | Q(refunded_minor__gt=F("captured_minor"))
    )


@finds("I-09", "a refund made at the provider passed the order's cap")
def outside_refunds_above_cap(_: datetime) -> Rows:
    return OutsideRefund.objects.above_cap()


@finds("I-12", "a payment of the order gave back more than it captured")
def tenders_above_captured(_: datetime) -> Rows:
    return OrderTender.objects.annotate(out=_sum_of(_out(), "tender_id")).filter(
        Q(out__gt=F("refunded_minor")) | Q(refunded_minor__gt=F("captured_minor"))
    )


@finds("I-15", "a payment succeeded without a reference")
def paid_without_reference(_: datetime) -> Rows:
    return _payments().filter(status__in=choices.Payment.PAID, provider_ref="")


@finds("I-19", "payment and books disagree")
def payments_not_in_books(_: datetime) -> Rows:
    """A payment has its step in the books if, and only if, it took that step."""
    step = Concat(Value("succeeded."), Cast("generation", CharField()))
    posted = _posted().filter(kind=OuterRef("step"))
    rows = _payments().annotate(step=step, posted=Exists(posted))
    return rows.filter(Q(status__in=choices.Payment.PAID) ^ Q(posted=True))


@finds("I-22", "a bonus left as cash")
def bonus_as_cash(_: datetime) -> Rows:
    rows = _payments().filter(purpose=choices.Payment.Purpose.ADJUSTMENT)
    return rows.exclude(gateway__in=choices.Payment.CREDIT)


@finds("I-23", "money came back and was not reversed")
def returned_without_reversal(_: datetime) -> Rows:
    reversal = _posted().filter(kind__startswith="returned.", reverses__isnull=False)
    return _payments().filter(~Exists(reversal), status=choices.Payment.Status.RETURNED)


@finds("I-34", "a part of an advance and its payments disagree")
def advances_unlike_payments(_: datetime) -> Rows:
    """New goods are given without a payment; a part waits for nobody longer than an ear is slow."""
    paid = _payments().filter(advance_part=OuterRef("pk"), replaces=None)
    made = _sum_of(paid, "advance_part_id")
    in_money = AdvancePart.objects.filter(advance__ret__type=orders.Return.Type.REFUND)
    return in_money.annotate(made=made).filter(made__gt=0).exclude(made=F("amount_minor"))


@finds("I-33", "a day's refunds are not those of the provider's balance report")
def balance_days_apart(_: datetime) -> Rows:
    return BalanceDay.objects.apart()


@finds("I-33", "a line of a provider's balance report is not understood")
def balance_lines_not_understood(_: datetime) -> Rows:
    return OddBalanceLine.objects.all()


@finds("I-33", "refunds of five days ago are in no balance report that was read")
def accounts_without_balance_report(at: datetime) -> Rows:
    """`caught_up_to` says how far the provider's report has told: of an account that none was ever
    read for, nothing."""
    told = Coalesce(OuterRef("caught_up_to"), F("settled_at"))
    untold = Q(status__in=choices.Payment.PAID, settled_at__lt=at - REPORT_PATIENCE)
    any_refund = Q()
    for vendor in VENDORS.values():
        mine = vendor.refunds.objects.filter(gateway_account=OuterRef("pk"))
        any_refund |= Q(Exists(mine.filter(untold, settled_at__gte=told)))
    return GatewayAccount.objects.in_use().filter(any_refund)


@finds("I-33", "the bank says of a transfer what we do not know or know otherwise")
def bank_entries_to_look_at(_: datetime) -> Rows:
    return BankEntry.objects.filter(outcome__in=BankWords.LOOK_AT)


@finds("I-38", "a cancelled return has a live refund")
def refunds_of_cancelled_returns(_: datetime) -> Rows:
    return _out().filter(ret__status=CANCELLED)


@finds("I-38", "a cancelled return has store credit to spend")
def credit_of_cancelled_returns(_: datetime) -> Rows:
    return StoreCreditAccount.objects.filter(balance_minor__gt=0, ret__status=CANCELLED)


@finds("I-38", "goods were replaced by money that no payment pays")
def goods_replaced_by_nothing(at: datetime) -> Rows:
    """Told, and not heard or not understood. What waits for the goods of an advance is not owed."""
    replaced = ExchangeLineItem.objects.filter(
        status=orders.ExchangeLineItem.Status.REPLACED,
        replacement__isnull=False,
        updated_at__lt=at - A_WHILE,
    ).exclude(ret__status=CANCELLED)
    parts = AdvancePart.objects.filter(advance__ret=OuterRef("ret"))
    paid = _payments().filter(instead_of=OuterRef("pk"))
    refund = Cast(KeyTextTransform("amount", F("replacement__refund")), SUM)
    return replaced.alias(refund=refund).filter(
        ~Exists(paid), Exists(parts.released()) | ~Exists(parts), refund__gt=0
    )


@finds("I-38", "the shop took credit back and the return goes on without it")
def credit_taken_from_open_returns(at: datetime) -> Rows:
    taken = ShopCreditRefund.objects.filter(status=choices.Payment.Status.SUCCEEDED)
    long_ago = taken.filter(voided_at__lt=at - timedelta(hours=1))
    return long_ago.exclude(ret__status__in=orders.Return.FINAL)


def _payments() -> "AnyPaymentQuerySet":
    return Payment.objects.non_polymorphic()


def _out() -> "QuerySet[Payment]":
    """Credit of an advance that was unwound is voided, which leaves its payment as it was."""
    ours = Q(gateway=choices.Payment.Gateway.STORE_CREDIT)
    theirs = Q(shopcreditrefund__voided_at__isnull=False)
    voided = Q(ours | theirs, advance_part__isnull=False, ret__status=CANCELLED)
    return _payments().refunds().exclude(voided).filter(status__in=choices.Payment.LIVE)


def _posted() -> "QuerySet[LedgerTransaction]":
    """Of the payment of the outer row; its merchant too, by which the index begins."""
    return LedgerTransaction.objects.filter(
        merchant_id=OuterRef("merchant_id"),
        source_type="payments.payment",
        source_id=OuterRef("pk"),
    )


def _sum_of(payments: "QuerySet[Payment]", link: str) -> Coalesce:
    """Sum of the payments that point at the outer row by `link`."""
    of_row = payments.filter(**{link: OuterRef("pk")}).order_by().values(link)
    return Coalesce(Subquery(of_row.annotate(s=Sum("amount_minor")).values("s")), ZERO)
