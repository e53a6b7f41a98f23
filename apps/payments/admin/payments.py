from typing import override

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from apps.core.admin import ReadOnlyAdmin, table
from apps.payments.admin.entries import PAYMENT, entries_table
from apps.payments.models import Payment

HIDDEN = ("account", "polymorphic_ctype")


@admin.register(Payment)
class PaymentAdmin(ReadOnlyAdmin[Payment]):
    """Payments of every gateway in one list; a page shows what its own gateway adds."""

    list_display = ("id", "created_at", "gateway", "purpose", "amount", "status", "merchant")
    list_filter = ("gateway", "purpose", "status", "environment")
    search_fields = ("=id", "=provider_ref", "=idempotency_key", "order__number", "ret__number")
    search_help_text = "Number of the order or return, or the whole id, reference or key"
    date_hierarchy = "created_at"
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("amount", "direction", "purpose"),
                    ("gateway", "environment", "status"),
                    ("failure_code", "provider_ref"),
                    "gateway_facts",
                )
            },
        ),
        (
            "For",
            {"fields": (("merchant", "store"), ("order", "ret"), ("tender", "replaces"))},
        ),
        (
            "Steps",
            {
                "fields": (
                    ("created_at", "submitted_at", "settled_at"),
                    ("generation", "attempts", "lease_until"),
                    "idempotency_key",
                    ("requested_by", "needs_second_person"),
                    ("approved_by", "approved_at"),
                )
            },
        ),
        ("In the books", {"fields": ("ledger_entries",)}),
    )

    @override
    def get_queryset(self, request: HttpRequest) -> QuerySet[Payment]:
        rows = super().get_queryset(request)
        return rows.select_related("merchant", "store", "order", "ret", "tender")

    @admin.display(description="Facts of the gateway")
    def gateway_facts(self, payment: Payment) -> SafeString:
        own = payment._meta.local_concrete_fields if type(payment) is not Payment else ()
        facts = (
            (str(field.verbose_name).capitalize(), getattr(payment, field.name))
            for field in own
            if field.name not in HIDDEN and not field.primary_key
        )
        return table(("Fact", "Value"), facts)

    @admin.display(description="Entries")
    def ledger_entries(self, payment: Payment) -> SafeString:
        return entries_table(payment.merchant_id, [(PAYMENT, payment.pk)])
