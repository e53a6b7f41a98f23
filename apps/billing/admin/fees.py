from django.contrib import admin
from django.utils.safestring import SafeString

from apps.billing.models import Fee
from apps.core.admin import ReadOnlyAdmin, link_by_id


@admin.register(Fee)
class FeeAdmin(ReadOnlyAdmin[Fee]):
    list_display = ("occurred_at", "merchant", "kind", "amount", "period", "invoice")
    list_filter = ("kind", "currency")
    list_select_related = ("merchant", "invoice")
    search_fields = ("=subject_id", "merchant__name", "invoice__code")
    search_help_text = "Id of what it is for, whole; merchant; number of the invoice"
    fields = (
        "merchant",
        ("kind", "vat_class"),
        ("amount", "description"),
        ("occurred_at", "period"),
        ("subject", "reference"),
        "event_id",
        "invoice",
    )

    @admin.display(description="For")
    def subject(self, fee: Fee) -> SafeString | str:
        return link_by_id(fee.subject_type, fee.subject_id)
