from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from apps.core import clock
from apps.core.errors import DomainError
from apps.payments import services
from apps.payments.admin.readonly import ReadOnlyAdmin, ReadOnlyInline
from apps.payments.gateways.bank_transfer.models import BankTransferBatch, BankTransferItem
from apps.users.models import User


class ItemInline(ReadOnlyInline[BankTransferItem, BankTransferBatch]):
    model = BankTransferItem
    fields = ("end_to_end_id", "payment", "amount")
    readonly_fields = ("amount",)

    @admin.display(description="Amount")
    def amount(self, item: BankTransferItem) -> str:
        return str(item.amount)


@admin.register(BankTransferBatch)
class BankTransferBatchAdmin(ReadOnlyAdmin[BankTransferBatch]):
    list_display = ("id", "created_at", "status", "transfers_count", "total", "merchant")
    list_filter = ("status",)
    list_select_related = ("merchant",)
    exclude = ("file",)
    inlines = (ItemInline,)
    actions = ("approve", "export")

    def has_payout_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("payments.change_banktransferbatch"))

    @admin.action(description="Approve", permissions=["payout"])
    def approve(self, request: HttpRequest, queryset: "QuerySet[BankTransferBatch]") -> None:
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
        self, request: HttpRequest, queryset: "QuerySet[BankTransferBatch]"
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
