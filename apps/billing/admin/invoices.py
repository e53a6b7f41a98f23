from typing import override

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from apps.billing import services
from apps.billing.dtos import CreditRequest, Receipt
from apps.billing.models import Invoice, InvoiceLine, InvoicePayment, InvoiceSeries
from apps.billing.services.collecting import CollectRequest
from apps.core import clock
from apps.core.admin import ReadOnlyAdmin, ReadOnlyInline
from apps.core.errors import DomainError
from apps.users.acting import WithWords, for_each, staff_of, words_of


class LineInline(ReadOnlyInline[InvoiceLine, Invoice]):
    model = InvoiceLine
    verbose_name_plural = "Lines"
    fields = ("position", "description", "quantity", "net", "vat_rate", "vat")


class PaymentInline(ReadOnlyInline[InvoicePayment, Invoice]):
    model = InvoicePayment
    verbose_name_plural = "Payments"
    fields = ("at", "amount", "method", "reference", "recorded_by")


@admin.register(Invoice)
class InvoiceAdmin(ReadOnlyAdmin[Invoice]):
    """Never edited: what staff do to an invoice are the actions, each with its words."""

    action_form = WithWords
    list_display = ("number_", "kind", "merchant", "total", "due", "status", "dunning", "due_on")
    list_filter = ("kind", "status", "dunning", "method", "currency")
    search_fields = ("code", "merchant__name", "merchant__slug")
    fieldsets = (
        (None, {"fields": (("code", "kind", "status"), ("merchant", "original"), "reason")}),
        ("Dates", {"fields": (("period", "issued_on", "due_on"), ("paid_at", "dunning"))}),
        ("Sums", {"fields": (("net", "vat", "total"), ("paid", "credited", "due"), "treatment")}),
        ("Payment", {"fields": (("method", "mandate_id"), "write_off_reason")}),
        ("Persons", {"fields": (("requested_by", "approved_by", "needs_second_person"),)}),
        ("As issued", {"fields": ("language", "seller", "buyer", "notes", "sha256")}),
    )
    inlines = (LineInline, PaymentInline)
    actions = ("download", "confirm", "credit", "approve", "drop", "give_up", "debit")

    @override
    def get_queryset(self, request: HttpRequest) -> QuerySet[Invoice]:
        return super().get_queryset(request).select_related("merchant", "original")

    def has_bill_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("billing.change_invoice"))

    @admin.display(description="Number", ordering="code")
    def number_(self, invoice: Invoice) -> str:
        return str(invoice)

    @admin.action(description="Download the PDF")
    def download(self, request: HttpRequest, queryset: QuerySet[Invoice]) -> HttpResponse | None:
        if queryset.count() != 1:
            self.message_user(request, "Choose one invoice", messages.ERROR)
            return None
        invoice = queryset.get()
        try:
            content = services.document_of(invoice)
        except DomainError as refusal:
            self.message_user(request, f"{invoice}: {refusal}", messages.ERROR)
            return None
        headers = {"Content-Disposition": f'attachment; filename="{invoice.code}.pdf"'}
        return HttpResponse(content, content_type="application/pdf", headers=headers)

    @admin.action(description="Paid in full (reference of the transfer)", permissions=["bill"])
    def confirm(self, request: HttpRequest, queryset: QuerySet[Invoice]) -> None:
        """Of a credit note: it was paid out."""
        by, words = staff_of(request), words_of(request)[:60]

        def confirm(invoice: Invoice) -> str:
            receipt = Receipt(amount=invoice.due, reference=words, by=by)
            services.confirm_transfer(invoice, receipt, clock.now())
            return str(invoice.status)

        for_each(self, request, queryset, confirm, needs_words="the bank's reference")

    @admin.action(description="Credit all that is left (reason)", permissions=["bill"])
    def credit(self, request: HttpRequest, queryset: QuerySet[Invoice]) -> None:
        by, words = staff_of(request), words_of(request)

        def credit(invoice: Invoice) -> str:
            wanted = CreditRequest(invoice=invoice, reason=words, by=by)
            note = services.credit_invoice(wanted, clock.now())
            return note.code or "a second person must approve the credit note"

        for_each(self, request, queryset, credit, needs_words="the reason")

    @admin.action(description="Approve a drafted credit note", permissions=["bill"])
    def approve(self, request: HttpRequest, queryset: QuerySet[Invoice]) -> None:
        by = staff_of(request)

        def approve(note: Invoice) -> str:
            services.approve_credit_note(note, by, clock.now())
            return note.code

        drafts = queryset.exclude(original=None)
        for_each(self, request, drafts, approve)

    @admin.action(description="Drop a drafted credit note", permissions=["bill"])
    def drop(self, request: HttpRequest, queryset: QuerySet[Invoice]) -> None:
        def drop(note: Invoice) -> str:
            services.drop_credit_note(note)
            return "dropped"

        for_each(self, request, queryset.filter(status="draft"), drop)

    @admin.action(description="Give up as uncollectible (reason)", permissions=["bill"])
    def give_up(self, request: HttpRequest, queryset: QuerySet[Invoice]) -> None:
        by, words = staff_of(request), words_of(request)

        def give_up(invoice: Invoice) -> str:
            done = invoice.give_up(by, words, clock.now())
            return "uncollectible" if done else "a second person must do it as well"

        for_each(self, request, queryset, give_up, needs_words="the reason")

    @admin.action(description="Make a direct debit file", permissions=["bill"])
    def debit(self, request: HttpRequest, queryset: QuerySet[Invoice]) -> None:
        chosen = tuple(queryset.values_list("pk", flat=True))
        try:
            file = services.collect(CollectRequest(staff_of(request), chosen), clock.now())
        except DomainError as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
        else:
            self.message_user(request, f"{file}, to be collected on {file.collect_on}")


@admin.register(InvoiceSeries)
class InvoiceSeriesAdmin(ReadOnlyAdmin[InvoiceSeries]):
    list_display = ("kind", "year", "last_number", "last_issued_on")
    list_select_related = False
