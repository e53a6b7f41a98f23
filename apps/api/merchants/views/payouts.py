from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.common.operations import operation
from apps.api.common.renderers import OrjsonRenderer
from apps.api.merchants.base import MerchantsView
from apps.api.merchants.desk_serializers import BatchDetailSerializer, BatchSerializer
from apps.api.merchants.forms.common import NothingForm
from apps.api.merchants.forms.payouts import (
    BankWordForm,
    NewBatchForm,
    PayoutsPage,
)
from apps.api.merchants.money import MoneyView
from apps.api.merchants.permissions import (
    MayApprovePayouts,
    SecondFactor,
    SecondFactorToChange,
    allows,
)
from apps.api.merchants.renderers import XmlRenderer
from apps.api.merchants.shapes.payouts import BATCH_COLUMNS, batch_detail, batch_row
from apps.core import clock
from apps.core.errors import DomainError
from apps.core.status import IllegalTransition
from apps.payments import choices, services
from apps.payments.gateways.bank_transfer.batch import NotApprover, SecondApproverNeeded
from apps.payments.gateways.bank_transfer.filing import MerchantHasNoAccount
from apps.payments.gateways.bank_transfer.models import (
    BankTransferBatch,
    BankTransferItem,
    BankTransferPayout,
)
from apps.payments.services.payouts import BatchRequest, DestinationMismatch, NothingToTransfer
from apps.users import choices as users

MONEY, EDIT = users.Role.Area.MONEY, users.Role.Level.EDIT
SHOWN = {200: BatchDetailSerializer}


class TransferNotUnderWay(DomainError):
    code = "transfer_not_under_way"
    title = "The transfer has not left with this batch, or has ended otherwise"
    status = 409


class PayoutsView(MoneyView):
    permission_classes = [allows(MONEY), SecondFactorToChange]

    @operation(
        "List batches of bank transfers",
        query=PayoutsPage,
        shows={200: BatchSerializer(many=True)},
        paged=True,
    )
    def get(self, request: Request) -> Response:
        form = PayoutsPage(data=request.query_params)
        filters = form.judged()
        rows = BankTransferBatch.objects.for_merchant(self.merchant).of_merchants_money()
        if filters.status:
            rows = rows.filter(status=filters.status)
        page = form.page.page(form.page.rows(rows.values(*BATCH_COLUMNS)))
        return self.show(page.show([batch_row(row) for row in page.rows]))

    @operation(
        "Open a batch",
        form=NewBatchForm,
        shows={201: BatchDetailSerializer},
        refusals=[MerchantHasNoAccount, NothingToTransfer],
    )
    def post(self, request: Request) -> Response:
        """A draft of the transfers that have an account and are in no batch, up to 1000."""
        wanted = self.judge(NewBatchForm)
        if wanted.payments is not None:
            self.know(wanted.payments)
        batch = services.open_batch(
            BatchRequest(self.merchant, self.user, wanted.payments), clock.now()
        )
        return self.show(batch_detail(batch), 201)

    def know(self, payments: tuple[UUID, ...]) -> None:
        """A transfer of nobody or of another merchant is the same 404."""
        ours = BankTransferPayout.objects.for_merchant(self.merchant).filter(pk__in=payments)
        if ours.count() != len(set(payments)):
            raise NotFound


class BatchView(MoneyView):
    permission_classes = [allows(MONEY), SecondFactor]

    def batch(self, id: UUID) -> BankTransferBatch:
        return self.find(
            BankTransferBatch.objects.for_merchant(self.merchant).of_merchants_money(), pk=id
        )


class PayoutView(MerchantsView):
    permission_classes = [allows(MONEY)]
    with_etag = True

    @operation("Read a batch with its transfers", shows=SHOWN)
    def get(self, request: Request, id: UUID) -> Response:
        batch = self.find(
            BankTransferBatch.objects.for_merchant(self.merchant).of_merchants_money(), pk=id
        )
        return self.show(batch_detail(batch))


class ApproveView(BatchView):
    permission_classes = [MayApprovePayouts, SecondFactor]

    @operation(
        "Approve a batch",
        form=NothingForm,
        shows=SHOWN,
        refusals=[IllegalTransition, NotApprover, SecondApproverNeeded],
    )
    def post(self, request: Request, id: UUID) -> Response:
        """Above 200.00 by another person than the one who opened it."""
        batch = self.batch(id)
        self.judge(NothingForm)
        services.approve_batch(batch, self.user, clock.now())
        return self.show(batch_detail(batch))


class FileView(BatchView):
    """Made once, when it is first asked for; afterwards the same bytes. Never by a HEAD."""

    permission_classes = [allows(MONEY, EDIT), SecondFactor]
    http_method_names = ["get"]
    renderer_classes = [XmlRenderer, OrjsonRenderer]

    @operation(
        "Export a batch as a SEPA file",
        shows={(200, XmlRenderer.media_type): OpenApiTypes.BINARY},
        refusals=[IllegalTransition, DestinationMismatch, MerchantHasNoAccount],
    )
    def get(self, request: Request, id: UUID) -> Response:
        """A pain.001.001.09 credit transfer; from now on its transfers count as sent."""
        batch = self.batch(id)
        response = Response()
        response.content = services.export_batch(batch, clock.now())
        response.headers["Content-Type"] = XmlRenderer.media_type
        name = f'attachment; filename="payout-{batch.message_id}.xml"'
        response.headers["Content-Disposition"] = name
        return response


class SettleView(BatchView):
    @operation(
        "The bank has executed a batch",
        form=NothingForm,
        shows=SHOWN,
        refusals=[IllegalTransition],
    )
    def post(self, request: Request, id: UUID) -> Response:
        """Every transfer that was not rejected has succeeded."""
        batch = self.batch(id)
        self.judge(NothingForm)
        services.settle_batch(batch, clock.now())
        return self.show(batch_detail(batch))


class CancelView(BatchView):
    @operation("Call a batch off", form=NothingForm, shows=SHOWN, refusals=[IllegalTransition])
    def post(self, request: Request, id: UUID) -> Response:
        """Before its file is made; its transfers are free for another batch."""
        batch = self.batch(id)
        self.judge(NothingForm)
        batch.cancel(clock.now())
        return self.show(batch_detail(batch))


class TransferView(BatchView):
    def transfer(self, id: UUID, transfer: UUID) -> BankTransferPayout:
        """The payout as it left with this batch; one tried again since has left it."""
        items = BankTransferItem.objects.for_merchant(self.merchant)
        item = self.find(items, batch_id=id, pk=transfer)
        payouts = BankTransferPayout.objects.for_merchant(self.merchant)
        payout = self.find(payouts, pk=item.payment_id)
        if payout.reference != item.end_to_end_id:
            raise TransferNotUnderWay(transfer=str(transfer), status=payout.status)
        return payout


class RejectTransferView(TransferView):
    @operation(
        "The bank has refused a transfer",
        form=BankWordForm,
        shows=SHOWN,
        refusals=[TransferNotUnderWay],
    )
    def post(self, request: Request, id: UUID, transfer: UUID) -> Response:
        """The debt is open again: pay it another way, or retry."""
        payout = self.transfer(id, transfer)
        word = self.judge(BankWordForm)
        services.reject_transfer(payout, word.code, clock.now())
        if payout.status != choices.Payment.Status.FAILED:
            raise TransferNotUnderWay(transfer=str(transfer), status=payout.status)
        return self.show(batch_detail(self.batch(id)))


class ReturnTransferView(TransferView):
    @operation(
        "A transfer came back",
        form=BankWordForm,
        shows=SHOWN,
        refusals=[IllegalTransition, TransferNotUnderWay],
    )
    def post(self, request: Request, id: UUID, transfer: UUID) -> Response:
        """After it succeeded (pacs.004): a reversal is posted, the debt is open again."""
        payout = self.transfer(id, transfer)
        word = self.judge(BankWordForm)
        services.return_transfer(payout, word.code, clock.now())
        return self.show(batch_detail(self.batch(id)))
