"""From an accepted return to its payments: worked out and promised in one transaction."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.core.errors import Detail, DomainError
from apps.core.faults import crash_here
from apps.core.verbs import lock
from apps.integrations import connecting
from apps.orders import choices as orders
from apps.orders.calculator.breakdown import Breakdown
from apps.orders.calculator.replacing import Replacement
from apps.orders.models import OrderTender, Return
from apps.payments import choices
from apps.payments.gateways.manual.models import ManualRefund
from apps.payments.gateways.stripe.models import StripeAccount
from apps.payments.helpers import Part, parts_of, plan, promise_of, vendor_of
from apps.payments.models import GatewayAccount, Payment
from apps.payments.modules.ledger import postings
from apps.payments.modules.ledger import services as ledger
from apps.payments.services.creating import CLASSES, write
from apps.payments.services.credits import placed
from apps.payments.services.sending import send_payment


class NothingOwed(DomainError):
    code = "payment_not_owed"
    title = "The payment is under way or made, or was replaced by another"
    status = 409


class CreditStaysCredit(DomainError):
    code = "credit_stays_credit"
    title = "What was paid with credit or given as a bonus never becomes cash"
    status = 409


class AdvanceStaysTransfer(DomainError):
    code = "advance_stays_transfer"
    title = "The platform's own money leaves by bank transfer only"
    status = 409


@transaction.atomic
def promise_refund(ret_id: UUID, at: datetime) -> list[Payment]:
    """The return's payments, made now or before; none when nothing is to be refunded, or when an
    advance pays it.

    Raises NothingAccepted or RefundAboveCap; then nothing is written.
    """
    ret = Return.objects.select_related("order").get(pk=ret_id)
    if ret.mode == orders.Return.Mode.INSTANT:
        return []
    if made := list(Payment.objects.for_return(ret).refunds()):
        return made
    # Settling locks order and return until this transaction ends.
    breakdown = ret.settle()
    if made := list(Payment.objects.for_return(ret).refunds()):
        return made
    if not breakdown.refund:
        _tell_once(ret, choices.Event.REFUND_NOTHING_DUE, due=dict(breakdown.due.as_json()))
        return []
    source = ledger.Source(ret.merchant_id, ret._meta.label_lower, ret.pk)
    ledger.post(source, "promised", postings.promised(promise_of(breakdown)), at)
    payments = _write_parts(ret, breakdown, at)
    crash_here("K1")
    return payments


def refund_return(ret_id: UUID, at: datetime) -> list[Payment]:
    """Promise and send what needs no person; called twice it pays once."""
    promised = promise_refund(ret_id, at)
    pending = choices.Payment.Status.PENDING
    return [
        send_payment(payment.pk, at) if payment.status == pending else payment
        for payment in promised
    ]


def promise_or_block(ret_id: UUID, at: datetime) -> list[UUID]:
    """For ears and sweepers: a refusal is told once on the return and left to a person."""
    try:
        return [payment.pk for payment in promise_refund(ret_id, at)]
    except DomainError as refusal:
        with transaction.atomic():
            ret = Return.objects.select_related("order").get(pk=ret_id)
            lock(ret.order)
            lock(ret)
            _tell_once(ret, choices.Event.REFUND_BLOCKED, code=refusal.code, **refusal.details)
        return []


@transaction.atomic
def pay_another_way(payment_id: UUID, gateway: str, at: datetime) -> Payment:
    """A new payment for a debt that a failed, cancelled or returned one left open."""
    old = Payment.objects.get(pk=payment_id)
    lock(old)
    called_off = old.is_own_claim and old.status == choices.Payment.Status.CANCELLED
    if called_off or old.status not in choices.Payment.OWED or old.replacements.exists():
        raise NothingOwed(payment=str(old.pk), status=old.status)
    if old.gives_back_id and gateway == choices.Payment.Gateway.STRIPE:
        # The charge that it came from has refused it: another way must be another gateway's.
        raise NothingOwed(payment=str(old.pk), gateway=gateway)
    credit = choices.Payment.CREDIT
    if old.gateway in credit and gateway not in credit:
        raise CreditStaysCredit(payment=str(old.pk))
    if old.is_platforms and gateway != old.gateway:
        raise AdvanceStaysTransfer(payment=str(old.pk))
    if old.AT_SHOP and old.tender_id and old.status == choices.Payment.Status.FAILED:
        OrderTender.objects.expect_at_shop(old.tender_id, -old.amount)
    new = CLASSES[gateway](
        merchant_id=old.merchant_id,
        store_id=old.store_id,
        order_id=old.order_id,
        ret_id=old.ret_id,
        tender_id=old.tender_id,
        advance_part_id=old.advance_part_id,
        instead_of_id=old.instead_of_id,
        replaces=old,
        gives_back_id=old.gives_back_id,
        gateway=gateway,
        environment=old.environment,
        purpose=old.purpose,
        currency=old.currency,
        amount_minor=old.amount_minor,
    )
    return write(new)


@transaction.atomic
def retry_payment(payment_id: UUID, at: datetime) -> Payment:
    """Try a definitely refused payment again, as its next generation."""
    payment = Payment.objects.get(pk=payment_id)
    lock(payment)
    if payment.replacements.exists():
        raise NothingOwed(payment=str(payment.pk), status=payment.status)
    payment.retry(at)
    return payment


def _write_parts(ret: Return, breakdown: Breakdown, at: datetime) -> list[Payment]:
    parts = plan_of(ret, breakdown)
    payments = [write(payment_of(ret, part)) for part in parts]
    if ret.refund_method == orders.Return.RefundMethod.ELSEWHERE:
        made_by_hand = (each for each in payments if isinstance(each, ManualRefund))
        for number, payment in enumerate(made_by_hand, start=1):
            reference = f"{ret.external_id or ret.number}/{number}"
            payment.confirm(reference, "Refunded by the shop itself", None, at)
    return payments


def plan_of(ret: Return, breakdown: Breakdown) -> tuple[Part, ...]:
    tenders = OrderTender.objects.filter(order_id=ret.order_id)
    is_credit = {each.pk: each.is_credit for each in tenders}
    return placed(ret, plan(ret.refund_method, breakdown, is_credit, _ways(ret, tenders)))


def plan_instead(ret: Return, paid: Replacement) -> tuple[Part, ...]:
    """For goods that ran out."""
    tenders = OrderTender.objects.filter(order_id=ret.order_id)
    is_credit = {each.pk: each.is_credit for each in tenders}
    return placed(ret, parts_of(paid.method, paid.legs, is_credit, _ways(ret, tenders)))


def _ways(ret: Return, tenders: Iterable[OrderTender]) -> dict[UUID, str]:
    """Of each payment of the order the gateway that can give it back: the merchant's account at
    the vendor that took it, else the shop's platform where it is connected."""
    vendors = {each.pk: vendor_of(each.gateway, each.external_id) for each in tenders}
    connected = _connected(ret) if any(vendors.values()) else set()
    platform = choices.Payment.Gateway.PLATFORM if connecting.refunds_of(ret.store) else ""
    ways = {
        tender: vendor if vendor in connected else platform for tender, vendor in vendors.items()
    }
    return {tender: way for tender, way in ways.items() if way}


def _connected(ret: Return) -> set[str]:
    serving = GatewayAccount.objects.serving(ret.merchant_id, ret.store_id)
    vendors = set(serving.values_list("gateway", flat=True))
    if StripeAccount.objects.of_store(ret.merchant_id, ret.store_id) is not None:
        vendors.add(choices.Payment.Gateway.STRIPE)
    return vendors


def payment_of(ret: Return, part: Part) -> Payment:
    return CLASSES[part.gateway](
        merchant_id=ret.merchant_id,
        store_id=ret.store_id,
        order_id=ret.order_id,
        ret_id=ret.pk,
        tender_id=part.tender_id,
        gateway=part.gateway,
        purpose=part.purpose,
        currency=part.amount.currency,
        amount_minor=part.amount.minor,
    )


def _tell_once(ret: Return, kind: str, **payload: Detail) -> None:
    if not ret.timeline.filter(kind=kind).exists():
        ret.record(kind, **payload)
