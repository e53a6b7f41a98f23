from typing import override

from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from apps.core.admin import ReadOnlyAdmin, link_to
from apps.payments.gateways.bank_transfer import choices
from apps.payments.gateways.bank_transfer.received import BankEntry, BankFile
from apps.payments.models import Payment


@admin.register(BankFile)
class BankFileAdmin(ReadOnlyAdmin[BankFile]):
    """What the bank said, file by file; the entries have a page of their own."""

    list_display = ("message_id", "kind", "read_at", "counts", "read_by", "merchant")
    list_filter = ("kind",)
    list_select_related = ("merchant", "read_by")
    search_fields = ("=id", "=message_id", "=file_hash", "merchant__name")
    fields = (
        ("kind", "message_id", "merchant"),
        ("read_at", "read_by"),
        "counts",
        ("id", "file_hash"),
    )


class ToLookAt(admin.SimpleListFilter):
    title = "to look at"
    parameter_name = "look"

    @override
    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin[BankEntry]
    ) -> list[tuple[str, str]]:
        return [("1", "No transfer of ours, or says otherwise")]

    @override
    def queryset(self, request: HttpRequest, queryset: QuerySet[BankEntry]) -> QuerySet[BankEntry]:
        if self.value() != "1":
            return queryset
        return queryset.filter(outcome__in=choices.BankFile.LOOK_AT)


@admin.register(BankEntry)
class BankEntryAdmin(ReadOnlyAdmin[BankEntry]):
    """Every word of the bank; the filter shows those that nothing of ours answers to."""

    list_display = ("end_to_end_id", "word", "code", "money", "outcome", "paid", "merchant")
    list_filter = (ToLookAt, "outcome", "word")
    search_fields = ("=id", "=end_to_end_id", "=batch_reference", "=file__message_id")
    fields = (
        ("file", "position"),
        ("batch_reference", "end_to_end_id"),
        ("word", "code", "money"),
        ("outcome", "paid"),
        ("merchant", "id"),
    )

    @override
    def get_queryset(self, request: HttpRequest) -> QuerySet[BankEntry]:
        """The payment of each by its shared columns; polymorphic cannot join its gateways."""
        payments = Prefetch("payment", Payment.objects.non_polymorphic())
        return super().get_queryset(request).prefetch_related(payments)

    @admin.display(description="Amount")
    def money(self, entry: BankEntry) -> str:
        return "" if entry.amount_minor is None else str(entry.amount)

    @admin.display(description="Payment")
    def paid(self, entry: BankEntry) -> SafeString | str:
        if entry.payment is None:
            return ""
        return link_to(entry.payment, entry.payment.get_status_display())
