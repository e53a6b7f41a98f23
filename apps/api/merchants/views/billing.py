"""What the merchant is billed, and how it pays."""

from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.common.operations import operation
from apps.api.common.renderers import OrjsonRenderer
from apps.api.merchants.base import MerchantsView
from apps.api.merchants.billing_serializers import (
    BillingProfileSerializer,
    FeeSerializer,
    InvoiceDetailSerializer,
    InvoicePageSerializer,
    InvoiceSerializer,
    RunningMonthSerializer,
)
from apps.api.merchants.forms.billing import FeesPage, InvoicesPage, ProfileForm
from apps.api.merchants.money import MoneyView
from apps.api.merchants.permissions import SecondFactorToChange, allows
from apps.api.merchants.renderers import PdfRenderer
from apps.api.merchants.shapes.billing import (
    FEE_COLUMNS,
    INVOICE_COLUMNS,
    fee_row,
    invoice_detail,
    invoice_row,
    profile_shape,
    running_shape,
)
from apps.billing import services
from apps.billing.calculator.vat import InvalidVatNumber
from apps.billing.mixins.settling import NotPayable
from apps.billing.models import Fee, Invoice
from apps.billing.models.profile import CardRequired, MandateRequired
from apps.billing.services.paying import NotPayableOnline
from apps.core import clock
from apps.payments.gateways.bank_transfer.accounts import InvalidAccount, OutsideSepa
from apps.payments.services.recovering import NoPlatformAccount
from apps.users import choices as users

BILLING = users.Role.Area.BILLING


class BillingView(MerchantsView):
    permission_classes = [allows(BILLING)]

    def invoice(self, id: UUID) -> Invoice:
        """A draft is the staff's own: for the merchant it is not there."""
        return self.find(Invoice.objects.for_merchant(self.merchant).issued(), pk=id)


class InvoicesView(BillingView):
    @operation(
        "List invoices and credit notes",
        query=InvoicesPage,
        shows={200: InvoiceSerializer(many=True)},
        paged=True,
    )
    def get(self, request: Request) -> Response:
        form = InvoicesPage(data=request.query_params)
        filters = form.judged()
        rows = Invoice.objects.for_merchant(self.merchant).issued()
        if filters.status:
            rows = rows.filter(status=filters.status)
        if filters.kind:
            rows = rows.filter(kind=filters.kind)
        page = form.page.page(form.page.rows(rows.values(*INVOICE_COLUMNS)))
        return self.show(page.show([invoice_row(row) for row in page.rows]))


class InvoiceView(BillingView):
    with_etag = True

    @operation("Read an invoice with its lines", shows={200: InvoiceDetailSerializer})
    def get(self, request: Request, id: UUID) -> Response:
        return self.show(invoice_detail(self.invoice(id)))


class PdfView(BillingView):
    """Drawn when it is first asked for; afterwards the same bytes. Never by a HEAD."""

    http_method_names = ["get"]
    renderer_classes = [PdfRenderer, OrjsonRenderer]

    @operation("Download an invoice", shows={(200, PdfRenderer.media_type): OpenApiTypes.BINARY})
    def get(self, request: Request, id: UUID) -> Response:
        invoice = self.invoice(id)
        response = Response()
        response.content = services.document_of(invoice)
        response.headers["Content-Type"] = PdfRenderer.media_type
        name = f'attachment; filename="{invoice.code}.pdf"'
        response.headers["Content-Disposition"] = name
        return response


class PayView(BillingView):
    @operation(
        "Open a page to pay an invoice on",
        shows={200: InvoicePageSerializer},
        refusals=[NotPayable, NotPayableOnline, NoPlatformAccount],
    )
    def post(self, request: Request, id: UUID) -> Response:
        """Of what is due. Asked again it is the same page, until that runs out or is paid."""
        page = services.open_page(self.invoice(id), clock.now())
        return self.show({"url": page.url, "amount": page.amount, "until": page.link_until})


class FeesView(BillingView):
    @operation("List fees", query=FeesPage, shows={200: FeeSerializer(many=True)}, paged=True)
    def get(self, request: Request) -> Response:
        """One for each thing billed; `invoice` is null until its month is closed."""
        form = FeesPage(data=request.query_params)
        filters = form.judged()
        rows = Fee.objects.for_merchant(self.merchant)
        wanted = {"kind": filters.kind, "period": filters.period, "invoice_id": filters.invoice}
        rows = rows.filter(**{name: value for name, value in wanted.items() if value})
        page = form.page.page(form.page.rows(rows.values(*FEE_COLUMNS)))
        return self.show(page.show([fee_row(row) for row in page.rows]))


class CurrentView(BillingView):
    @operation("Read the running month", shows={200: RunningMonthSerializer})
    def get(self, request: Request) -> Response:
        """What is on no invoice yet; plan and top-up are charged when the month is closed."""
        return self.show(running_shape(services.running_month(self.merchant, clock.now())))


class ProfileView(MoneyView):
    permission_classes = [allows(BILLING), SecondFactorToChange]

    @operation("Read the billing profile", shows={200: BillingProfileSerializer})
    def get(self, request: Request) -> Response:
        return self.show(profile_shape(services.profile_of(self.merchant)))

    @operation(
        "Write the billing profile",
        form=ProfileForm,
        shows={200: BillingProfileSerializer},
        refusals=[CardRequired, InvalidAccount, InvalidVatNumber, MandateRequired, OutsideSepa],
    )
    def put(self, request: Request) -> Response:
        """Whole; the next invoice is made out to it. A new IBAN gets a new mandate."""
        wanted = self.judge(ProfileForm)
        profile = services.change_profile(self.merchant, wanted.details, wanted.iban, clock.now())
        return self.show(profile_shape(profile))
