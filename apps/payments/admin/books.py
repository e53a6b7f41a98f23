from typing import override

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from apps.core.admin import ReadOnlyAdmin, ReadOnlyInline, link_by_id, link_to
from apps.payments.admin.entries import step
from apps.payments.models import LedgerAccount, LedgerEntry, LedgerTransaction


@admin.register(LedgerAccount)
class LedgerAccountAdmin(ReadOnlyAdmin[LedgerAccount]):
    list_display = ("kind", "currency", "standing", "nature", "merchant")
    list_filter = ("kind", "currency")
    search_fields = ("merchant__name", "merchant__slug")
    fields = ("merchant", "kind", "nature", "currency", "standing", "may_overdraw")


class LedgerEntryInline(ReadOnlyInline[LedgerEntry, LedgerTransaction]):
    model = LedgerEntry
    verbose_name_plural = "Entries: debit above zero, credit below"
    related = ("account",)
    fields = ("in_account", "amount")

    @admin.display(description="Account")
    def in_account(self, entry: LedgerEntry) -> SafeString:
        return link_to(entry.account, entry.account.get_kind_display())


@admin.register(LedgerTransaction)
class LedgerTransactionAdmin(ReadOnlyAdmin[LedgerTransaction]):
    list_display = ("at", "step", "source", "merchant")
    list_filter = ("source_type",)
    search_fields = ("=source_id",)
    search_help_text = "Id of the payment, return or credit movement, whole"
    fields = ("merchant", "at", "step", "source", "reverses")
    inlines = (LedgerEntryInline,)

    @override
    def get_queryset(self, request: HttpRequest) -> QuerySet[LedgerTransaction]:
        return super().get_queryset(request).select_related("merchant", "reverses")

    @admin.display(description="Step", ordering="kind")
    def step(self, transaction: LedgerTransaction) -> str:
        return step(transaction.kind)

    @admin.display(description="Booked for")
    def source(self, transaction: LedgerTransaction) -> str:
        return link_by_id(transaction.source_type, transaction.source_id)
