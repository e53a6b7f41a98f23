from typing import override

from django.contrib import admin, messages
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString

from apps.core import clock
from apps.core.admin import ReadOnlyAdmin, ReadOnlyInline, link_to
from apps.core.errors import DomainError
from apps.payments import services
from apps.payments.gateways.bank_transfer.models import BankTransferBatch, BankTransferItem
from apps.payments.models import Payment
from apps.users.models import User


class ItemInline(ReadOnlyInline[BankTransferItem, BankTransferBatch]):
    model = BankTransferItem
    verbose_name_plural = "Transfers"
    fields = ("end_to_end_id", "amount", "paid")

    @override
    def get_queryset(self, request: HttpRequest) -> QuerySet[BankTransferItem]:
        """The payment of each by its shared columns; polymorphic cannot join its gateways."""
        payments = Prefetch("payment", Payment.objects.non_polymorphic())
        return super().get_queryset(request).prefetch_related(payments)

    @admin.display(description="Payment")
    def paid(self, item: BankTransferItem) -> SafeString:
        return link_to(item.payment, item.payment.get_status_display())


@admin.register(BankTransferBatch)
class BankTransferBatchAdmin(ReadOnlyAdmin[BankTransferBatch]):
    list_display = ("id", "created_at", "status", "transfers_count", "total", "merchant")
    list_filter = ("status",)
    search_fields = ("=id", "merchant__name", "=items__end_to_end_id")
    fields = (
        "merchant",
        "status",
        "total",
        "transfers_count",
        "created_at",
        "requested_by",
        "needs_second_person",
        "approved_by",
        "approved_at",
        "exported_at",
        "settled_at",
        "file_hash",
    )
    inlines = (ItemInline,)
    actions = ("approve", "export")

    def has_payout_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("payments.change_banktransferbatch"))

    @admin.action(description="Approve", permissions=["payout"])
    def approve(self, request: HttpRequest, queryset: QuerySet[BankTransferBatch]) -> None:
        staff = User.objects.get(pk=str(request.user.pk))
        for batch in queryset:
            try:
                services.approve_batch(batch, staff, clock.now())
            except DomainError as refusal:
                self.message_user(request, f"{batch}: {refusal}", messages.ERROR)
            else:
                self.message_user(request, f"{batch}: approved", messages.SUCCESS)

    @admin.action(description="Export the transfer file", permissions=["payout"])
    def export(
        self, request: HttpRequest, queryset: QuerySet[BankTransferBatch]
    ) -> HttpResponse | None:
        """One batch at a time; exported again it is the same file."""
        if queryset.count() != 1:
            self.message_user(request, "Choose one batch", messages.ERROR)
            return None
        batch = queryset.get()
        try:
            xml = services.export_batch(batch, clock.now())
        except DomainError as refusal:
            self.message_user(request, f"{batch}: {refusal}", messages.ERROR)
            return None
        name = f"{batch.message_id}.xml"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return HttpResponse(xml, content_type="application/xml", headers=headers)
