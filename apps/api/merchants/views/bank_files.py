"""What the bank says of transfers, handed in as its files."""

from typing import Any
from uuid import UUID

from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.common.operations import operation
from apps.api.merchants.bank_serializers import BankEntrySerializer, BankFileSerializer
from apps.api.merchants.base import MerchantsView
from apps.api.merchants.forms.bank_files import (
    BankEntriesPage,
    BankFileForm,
    BankFilesPage,
    BankUpload,
)
from apps.api.merchants.permissions import SecondFactorToChange, allows
from apps.api.merchants.shapes.bank_files import (
    ENTRY_COLUMNS,
    FILE_COLUMNS,
    entry_row,
    file_row,
)
from apps.core import clock
from apps.payments import services
from apps.payments.gateways.bank_transfer.received import BankEntry, BankFile
from apps.payments.gateways.bank_transfer.statements import MAX_BYTES, UnreadableBankFile
from apps.users import choices

MONEY = choices.Role.Area.MONEY


class BankFilesView(MerchantsView):
    permission_classes = [allows(MONEY), SecondFactorToChange]
    parser_classes = [MultiPartParser]

    @operation(
        "Read a file of the bank",
        form=BankFileForm,
        shows={201: BankFileSerializer},
        refusals=[UnreadableBankFile],
    )
    def post(self, request: Request) -> Response:
        """A pain.002 or camt.054 of at most 5 MB. It settles, fails or returns the transfers that
        it is about; `counts` says how many. The same file again changes nothing."""
        upload = self.judge(BankFileForm)
        asked = services.BankFileRequest(self.merchant, _content(upload), self.user)
        file = services.read_bank_file(asked, clock.now())
        headers = {"Location": f"/v1/bank-files/{file.pk}"}
        return self.show(self.shown(file.pk), status=201, headers=headers)

    @operation(
        "List files of the bank",
        query=BankFilesPage,
        shows={200: BankFileSerializer(many=True)},
        paged=True,
    )
    def get(self, request: Request) -> Response:
        form = BankFilesPage(data=request.query_params)
        filters = form.judged()
        files = BankFile.objects.for_merchant(self.merchant)
        if filters.kind:
            files = files.filter(kind=filters.kind)
        page = form.page.page(form.page.rows(files.values(*FILE_COLUMNS)))
        return self.show(page.show([file_row(row) for row in page.rows]))

    def shown(self, id: UUID) -> dict[str, Any]:
        files = BankFile.objects.for_merchant(self.merchant).filter(pk=id)
        return file_row(files.values(*FILE_COLUMNS).get())


class BankFileView(MerchantsView):
    permission_classes = [allows(MONEY)]

    @operation("Read what a file of the bank said", shows={200: BankFileSerializer})
    def get(self, request: Request, id: UUID) -> Response:
        file = self.find(BankFile.objects.for_merchant(self.merchant), pk=id)
        files = BankFile.objects.for_merchant(self.merchant).filter(pk=file.pk)
        return self.show(file_row(files.values(*FILE_COLUMNS).get()))


class BankEntriesView(MerchantsView):
    permission_classes = [allows(MONEY)]

    @operation(
        "List the entries of a file of the bank",
        query=BankEntriesPage,
        shows={200: BankEntrySerializer(many=True)},
        paged=True,
    )
    def get(self, request: Request, id: UUID) -> Response:
        form = BankEntriesPage(data=request.query_params)
        filters = form.judged()
        file = self.find(BankFile.objects.for_merchant(self.merchant), pk=id)
        entries = BankEntry.objects.for_merchant(self.merchant).filter(file=file)
        if filters.outcome:
            entries = entries.filter(outcome=filters.outcome)
        page = form.page.page(form.page.rows(entries.order_by().values(*ENTRY_COLUMNS)))
        return self.show(page.show([entry_row(row) for row in page.rows]))


def _content(upload: BankUpload) -> bytes:
    """Raises UnreadableBankFile before a byte too many is read."""
    if (upload.file.size or 0) > MAX_BYTES:
        raise UnreadableBankFile(reason="too_large", limit=MAX_BYTES)
    data: bytes = upload.file.read()
    return data
