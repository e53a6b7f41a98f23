"""Refunds that staff make elsewhere and write down here, and payments called off."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.core.faults import crash_here
from apps.core.verbs import lock
from apps.orders.mixins.order_refunds import RefundClaim
from apps.orders.models import Order, OrderTender
from apps.payments import choices
from apps.payments.dtos import ManualRefundRequest
from apps.payments.gateways.manual.models import ManualRefund, ReferenceRequired, ReferenceUsed
from apps.payments.limits import needs_second_person
from apps.payments.models import Payment
from apps.payments.services.creating import write


@transaction.atomic
def record_manual_refund(request: ManualRefundRequest, at: datetime) -> ManualRefund:
    """Counted into the caps and settled at once; above the limit it waits for a second person.

    The store's own `reference` makes a repeat harmless; with another sum it raises ReferenceUsed.
    Raises RefundAboveCap with both figures.
    """
    if not request.reference:
        raise ReferenceRequired
    order = Order.objects.get(pk=request.order_id)
    lock(order)
    before = ManualRefund.objects.numbered(order.store_id, request.reference)
    made: ManualRefund | None = before.first()
    if made is not None:
        if (made.order_id, made.amount) != (order.pk, request.amount):
            raise ReferenceUsed(reference=request.reference)
        return made
    tenders = {request.tender_id: request.amount} if request.tender_id else {}
    order.claim_refund(RefundClaim(amount=request.amount, tenders=tenders))
    refund = _new(order, request)
    write(refund)
    refund.post_promised(at)
    if not refund.needs_second_person:
        refund.confirm(request.reference, request.note, request.requested_by, at)
    crash_here("K1")
    return refund


def confirm_manual_refund(
    payment_id: UUID, reference: str, note: str, by: UUID | None, at: datetime
) -> ManualRefund:
    """Staff made the refund in the system named by `reference`; above the limit another person."""
    refund = ManualRefund.objects.get(pk=payment_id)
    refund.confirm(reference, note, by, at)
    return refund


@transaction.atomic
def cancel_payment(payment_id: UUID, reason: str, at: datetime) -> Payment:
    """Only before it is sent. A return's debt stays open; a refund by hand gives its claim back."""
    payment = Payment.objects.get(pk=payment_id)
    if payment.is_own_claim:
        lock(payment.order)
    payment.cancel(at, reason)
    if payment.AT_SHOP and payment.tender_id:
        OrderTender.objects.expect_at_shop(payment.tender_id, -payment.amount)
    if payment.is_own_claim:
        back = -payment.amount
        tenders = {payment.tender_id: back} if payment.tender_id else {}
        payment.order.claim_refund(RefundClaim(amount=back, tenders=tenders))
        payment.post_cancelled(at)
    return payment


def _new(order: Order, request: ManualRefundRequest) -> ManualRefund:
    return ManualRefund(
        merchant_id=order.merchant_id,
        store_id=order.store_id,
        order=order,
        tender_id=request.tender_id,
        gateway=choices.Payment.Gateway.MANUAL,
        purpose=choices.Payment.Purpose.MANUAL,
        currency=request.amount.currency,
        amount_minor=request.amount.minor,
        reference=request.reference,
        note=request.note,
        requested_by_id=request.requested_by,
        needs_second_person=needs_second_person(request.amount),
    )
