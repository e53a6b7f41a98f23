"""Payments to shoppers: read, confirmed, tried again, called off, paid another way."""

from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.common.operations import operation
from apps.api.merchants.base import MerchantsView
from apps.api.merchants.forms.common import NothingForm
from apps.api.merchants.forms.refunds import (
    ByHand,
    ByHandForm,
    CallOffForm,
    ConfirmationForm,
    OtherWayForm,
    RefundFilters,
    RefundsPage,
)
from apps.api.merchants.money import MoneyView
from apps.api.merchants.permissions import MayRefund, SecondFactor, allows
from apps.api.merchants.refund_serializers import RefundDetailSerializer, RefundSerializer
from apps.api.merchants.shapes.refunds import REFUND_COLUMNS, refund_detail, refund_row
from apps.core import clock
from apps.core.errors import DomainError
from apps.core.money import CurrencyMismatch, Money
from apps.core.status import IllegalTransition
from apps.orders.mixins.order_refunds import RefundAboveCap
from apps.orders.models import OrderTender, Return
from apps.payments import choices, services, tasks
from apps.payments.dtos import ManualRefundRequest
from apps.payments.gateways.bank_transfer.models import TransferInBatch
from apps.payments.gateways.manual.models import ManualRefund, ReferenceUsed, SecondPersonNeeded
from apps.payments.gateways.stripe.models import NotPaidByStripe
from apps.payments.models import Payment
from apps.payments.services.refunds import CreditStaysCredit, NothingOwed
from apps.users import choices as users

MONEY, RETURNS = users.Role.Area.MONEY, users.Role.Area.RETURNS
SHOWN = {200: RefundDetailSerializer}


class NothingByHand(DomainError):
    code = "nothing_by_hand"
    title = "No refund of this return waits to be made by hand"
    status = 409


class SeveralByHand(DomainError):
    code = "several_by_hand"
    title = "Several refunds of this return wait to be made by hand: confirm each by its id"
    status = 409


class RefundsView(MerchantsView):
    permission_classes = [allows(MONEY)]

    @operation(
        "List refunds", query=RefundsPage, shows={200: RefundSerializer(many=True)}, paged=True
    )
    def get(self, request: Request) -> Response:
        """Every payment to a shopper, whatever the gateway, newest first."""
        form = RefundsPage(data=request.query_params)
        rows = filtered(self.merchant, form.judged())
        page = form.page.page(form.page.rows(rows.values(*REFUND_COLUMNS)))
        return self.show(page.show([refund_row(row) for row in page.rows]))


class RefundView(MerchantsView):
    permission_classes = [allows(MONEY)]
    with_etag = True

    @operation("Read a refund", shows=SHOWN)
    def get(self, request: Request, id: UUID) -> Response:
        refunds = Payment.objects.for_merchant(self.merchant).outward().non_polymorphic()
        return self.show(refund_detail(self.find(refunds.only("pk"), pk=id).pk))


class RefundWrite(MoneyView):
    permission_classes = [allows(MONEY), MayRefund, SecondFactor]

    def refund(self, id: UUID) -> UUID:
        refunds = Payment.objects.for_merchant(self.merchant).outward().non_polymorphic()
        return self.find(refunds.only("pk"), pk=id).pk


class ConfirmView(RefundWrite):
    @operation(
        "A refund was made by hand",
        form=ConfirmationForm,
        shows=SHOWN,
        refusals=[IllegalTransition, ReferenceUsed, SecondPersonNeeded],
    )
    def post(self, request: Request, id: UUID) -> Response:
        """In the system named by `reference`; above 200.00 by another person than who asked."""
        refund = self.find(ManualRefund.objects.for_merchant(self.merchant), pk=id)
        made = self.judge(ConfirmationForm)
        services.confirm_manual_refund(
            refund.pk, made.reference, made.note, self.user.pk, clock.now()
        )
        return self.show(refund_detail(refund.pk))


class RetryView(RefundWrite):
    @operation(
        "Try a refused refund again",
        form=NothingForm,
        shows=SHOWN,
        refusals=[IllegalTransition, NothingOwed],
    )
    def post(self, request: Request, id: UUID) -> Response:
        """As its next generation, under a key of its own."""
        refund = self.refund(id)
        self.judge(NothingForm)
        services.retry_payment(refund, clock.now())
        tasks.send_soon(refund)
        return self.show(refund_detail(refund))


class CancelView(RefundWrite):
    @operation(
        "Call a refund off",
        form=CallOffForm,
        shows=SHOWN,
        refusals=[IllegalTransition, TransferInBatch],
    )
    def post(self, request: Request, id: UUID) -> Response:
        """Only before it is sent; what a return is owed stays owed."""
        refund = self.refund(id)
        wanted = self.judge(CallOffForm)
        services.cancel_payment(refund, wanted.reason, clock.now())
        return self.show(refund_detail(refund))


class PayAnotherWayView(RefundWrite):
    @operation(
        "Pay a refund another way",
        form=OtherWayForm,
        shows={201: RefundDetailSerializer},
        refusals=[NothingOwed, CreditStaysCredit, NotPaidByStripe],
    )
    def post(self, request: Request, id: UUID) -> Response:
        """Of one that failed, was called off or came back; the answer is the new refund."""
        refund = self.refund(id)
        wanted = self.judge(OtherWayForm)
        made = services.pay_another_way(refund, wanted.gateway, clock.now())
        tasks.send_soon(made.pk)
        return self.show(refund_detail(made.pk), 201)


class ManualRefundView(MoneyView):
    permission_classes = [allows(RETURNS), MayRefund, SecondFactor]

    @operation(
        "Record a refund made elsewhere",
        form=ByHandForm,
        shows={200: RefundDetailSerializer, 201: RefundDetailSerializer},
        refusals=[
            NothingByHand,
            SeveralByHand,
            IllegalTransition,
            ReferenceUsed,
            SecondPersonNeeded,
            RefundAboveCap,
            CurrencyMismatch,
        ],
    )
    def post(self, request: Request, id: UUID) -> Response:
        """Without `amount`, what this return is owed and no gateway pays is confirmed. With it, a
        sum on top is recorded against the order's cap; above 200.00 it waits for a second person.
        """
        ret = self.find(Return.objects.for_merchant(self.merchant), pk=id)
        made = self.judge(ByHandForm)
        if made.amount is None:
            return self.show(refund_detail(self.confirmed(ret, made)))
        wanted = self.on_top(ret, made, made.amount)
        refund = services.record_manual_refund(wanted, clock.now())
        return self.show(refund_detail(refund.pk), 201)

    def confirmed(self, ret: Return, made: ByHand) -> UUID:
        by_hand = ManualRefund.objects.for_return(ret)
        known = by_hand.filter(reference=made.reference).first()
        waiting = list(by_hand.filter(status=choices.Payment.Status.PENDING)[:2])
        if known is None and not waiting:
            raise NothingByHand(**{"return": ret.number})
        if known is None and len(waiting) > 1:
            raise SeveralByHand(refunds=[str(refund.pk) for refund in by_hand])
        refund = known or waiting[0]
        refund.confirm(made.reference, made.note, self.user.pk, clock.now())
        return refund.pk

    def on_top(self, ret: Return, made: ByHand, amount: Money) -> ManualRefundRequest:
        if made.payment is not None:
            tenders = OrderTender.objects.for_merchant(self.merchant)
            self.find(tenders, order_id=ret.order_id, pk=made.payment)
        return ManualRefundRequest(
            order_id=ret.order_id,
            amount=amount,
            reference=made.reference,
            note=made.note,
            requested_by=self.user.pk,
            tender_id=made.payment,
        )


def filtered(merchant: Any, filters: RefundFilters) -> Any:
    named = {
        "status": filters.status,
        "gateway": filters.gateway,
        "purpose": filters.purpose,
        "store__slug": filters.store,
        "ret__number": filters.return_number,
        "order__number": filters.order_number,
    }
    wanted = {column: value for column, value in named.items() if value}
    outward = Payment.objects.for_merchant(merchant).outward().non_polymorphic()
    return outward.filter(**wanted)
