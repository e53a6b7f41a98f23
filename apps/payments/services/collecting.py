"""Money that the shopper pays: a page to pay on, what follows when it is in, what goes back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.core.money import Money
from apps.core.verbs import lock
from apps.orders import choices as orders
from apps.orders.models import Return
from apps.payments import choices
from apps.payments.gateways.stripe.models import (
    StripeAccount,
    StripeCheckoutPayment,
    StripeRecoveryCharge,
    StripeRefund,
)
from apps.payments.models import Payment
from apps.payments.services.creating import write

type Collection = StripeCheckoutPayment | StripeRecoveryCharge

Status, Purpose = choices.Payment.Status, choices.Payment.Purpose
CLOSED = (orders.Return.Status.CANCELLED, orders.Return.Status.REJECTED)


@dataclass(frozen=True, slots=True)
class GoOn:
    """What is left to do over the network: payments to be sent, pages to be closed."""

    payments: tuple[UUID, ...] = ()
    pages: tuple[UUID, ...] = ()


def can_collect(merchant_id: UUID, store_id: UUID) -> bool:
    """Has the store an account to which shoppers can pay?"""
    return StripeAccount.objects.of_store(merchant_id, store_id) is not None


@transaction.atomic
def collect_difference(ret_id: UUID, at: datetime) -> StripeCheckoutPayment | None:
    """The page on which the shopper pays what a waiting return is due: made now, or before.

    None when nothing is to be paid any more, or when the store has no account.
    """
    ret = Return.objects.select_related("order").get(pk=ret_id)
    lock(ret.order)
    lock(ret)
    made = StripeCheckoutPayment.objects.for_return(ret).filter(purpose=Purpose.PRICE_DIFFERENCE)
    if before := made.first():
        return before
    account = StripeAccount.objects.of_store(ret.merchant_id, ret.store_id)
    if not ret.is_waiting_for_payment or ret.pay_until is None or account is None:
        return None
    page = StripeCheckoutPayment(
        merchant_id=ret.merchant_id,
        store_id=ret.store_id,
        order_id=ret.order_id,
        ret=ret,
        stripe_account=account,
        gateway=choices.Payment.Gateway.STRIPE,
        environment=account.environment,
        direction=choices.Payment.Direction.IN,
        purpose=Purpose.PRICE_DIFFERENCE,
        currency=ret.currency,
        amount_minor=ret.due_minor,
        link_until=ret.pay_until,
    )
    write(page)
    return page


def go_on_with_return(ret_id: UUID, at: datetime) -> GoOn:
    """After any news of its payments: it opens when it is paid, it is cancelled when it cannot be,
    and what was paid for nothing goes back."""
    ret = Return.objects.select_related("order").get(pk=ret_id)
    pages = _pages(ret)
    if not pages:
        return GoOn()
    paid = _sum((page.amount for page in pages if page.status in choices.Payment.COLLECTED), ret)
    ret.note_paid(paid, at)
    if all(page.status not in choices.Payment.COLLECTING for page in pages):
        ret.lapse_unpaid(at)
    refunds = _give_back_excess(ret, at)
    offered = call_off(pages, at) if ret.status in CLOSED else []
    return GoOn(tuple(refund.pk for refund in refunds), tuple(offered))


def call_off(pages: Iterable[StripeCheckoutPayment], at: datetime) -> list[UUID]:
    """Nobody is to pay there any more; returns those that Stripe must close."""
    for page in pages:
        if page.status == Status.PENDING:
            page.cancel(at, "called off")
    return [page.pk for page in pages if page.status == Status.REQUIRES_ACTION]


def ask_page(payment_id: UUID, at: datetime) -> None:
    """The shopper says that it is paid: Stripe is asked now. NoAnswer: it is asked later."""
    page = StripeCheckoutPayment.objects.get(pk=payment_id)
    if page.is_offered:
        page.hear(page.ask(), at)


def close_page(payment_id: UUID, at: datetime) -> None:
    """Who was faster is paid back when we hear of it; NoAnswer: to be tried again."""
    page = StripeCheckoutPayment.objects.get(pk=payment_id)
    if page.is_offered:
        page.settle(page.close_page(), at)


@transaction.atomic
def give_back(collection: Collection, amount: Money, at: datetime) -> StripeRefund:
    """A refund to the charge that it came from; raises MoreThanCollected."""
    collection.give_back(amount, at)
    refund = StripeRefund(
        merchant_id=collection.merchant_id,
        store_id=collection.store_id,
        order_id=collection.order_id,
        ret_id=collection.ret_id,
        gives_back=collection,
        gateway=choices.Payment.Gateway.STRIPE,
        purpose=collection.purpose,
        currency=amount.currency,
        amount_minor=amount.minor,
        stripe_account=collection.stripe_account,
        environment=collection.environment,
        paid_by=collection.provider_ref,
    )
    write(refund)
    refund.post_promised(at)
    return refund


def collection_of(payment_id: UUID) -> Collection | None:
    """None for a refund, or a payment of another gateway."""
    payment = Payment.objects.filter(pk=payment_id).first()
    return payment if isinstance(payment, StripeCheckoutPayment | StripeRecoveryCharge) else None


@transaction.atomic
def _give_back_excess(ret: Return, at: datetime) -> list[StripeRefund]:
    lock(ret.order)
    lock(ret)
    pages = [page for page in _pages(ret) if page.status in choices.Payment.COLLECTED]
    excess = _sum((page.left for page in pages), ret) - _kept(ret)
    refunds = []
    for page in reversed(pages):
        back = min(excess, page.left)
        if back > Money.zero(ret.currency) and page.status != Status.DISPUTED:
            refunds.append(give_back(page, back, at))
            excess -= back
    return refunds


def _kept(ret: Return) -> Money:
    """What of the shopper's payment the store has earned, or may still earn."""
    if ret.status in CLOSED:
        return Money.zero(ret.currency)
    if ret.settled is None:
        return ret.due
    return ret.settled.due - _sum((each.back for each in ret.replacements()), ret)


def _pages(ret: Return) -> list[StripeCheckoutPayment]:
    pages = StripeCheckoutPayment.objects.for_return(ret)
    return list(pages.filter(purpose__in=(Purpose.PRICE_DIFFERENCE, Purpose.FEE)))


def _sum(amounts: Iterable[Money], ret: Return) -> Money:
    return Money.total(amounts, ret.currency)
