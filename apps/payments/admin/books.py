from django.contrib import admin

from apps.payments.admin.readonly import ReadOnlyAdmin, ReadOnlyInline
from apps.payments.models import LedgerAccount, LedgerEntry, LedgerTransaction


@admin.register(LedgerAccount)
class LedgerAccountAdmin(ReadOnlyAdmin[LedgerAccount]):
    list_display = ("kind", "currency", "standing", "nature", "merchant")
    list_filter = ("kind", "currency")
    list_select_related = ("merchant",)
    search_fields = ("merchant__name",)
    readonly_fields = ("standing",)

    @admin.display(description="Standing")
    def standing(self, account: LedgerAccount) -> str:
        return str(account.standing)


class LedgerEntryInline(ReadOnlyInline[LedgerEntry, LedgerTransaction]):
    model = LedgerEntry
    fields = ("account", "amount")
    readonly_fields = ("amount",)

    @admin.display(description="Amount")
    def amount(self, entry: LedgerEntry) -> str:
        return str(entry.amount)


@admin.register(LedgerTransaction)
class LedgerTransactionAdmin(ReadOnlyAdmin[LedgerTransaction]):
    list_display = ("at", "kind", "source_type", "source_id", "merchant")
    list_filter = ("kind", "source_type")
    list_select_related = ("merchant",)
    search_fields = ("source_id",)
    inlines = (LedgerEntryInline,)
