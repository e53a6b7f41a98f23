from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join

from apps.payments.admin.readonly import ReadOnlyAdmin
from apps.payments.models import LedgerEntry, Payment

HIDDEN = ("account", "polymorphic_ctype")


@admin.register(Payment)
class PaymentAdmin(ReadOnlyAdmin[Payment]):
    """Payments of every gateway in one list; a page shows what its own gateway adds."""

    list_display = ("id", "created_at", "gateway", "purpose", "amount", "status", "merchant")
    list_filter = ("gateway", "purpose", "status", "environment")
    list_select_related = ("merchant",)
    search_fields = ("id", "provider_ref", "idempotency_key", "order__number", "ret__number")
    readonly_fields = ("gateway_facts", "ledger_entries")
    exclude = HIDDEN
    date_hierarchy = "created_at"

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Payment]":
        return super().get_queryset(request).select_related("merchant", "order", "ret")

    @admin.display(description="Facts of the gateway")
    def gateway_facts(self, payment: Payment) -> str:
        own = payment._meta.local_concrete_fields if type(payment) is not Payment else ()
        facts = (
            (field.verbose_name, getattr(payment, field.name))
            for field in own
            if field.name not in HIDDEN and not field.primary_key
        )
        return format_html_join("\n", "<p>{}: {}</p>", facts) or "-"

    @admin.display(description="In the books")
    def ledger_entries(self, payment: Payment) -> str:
        entries = LedgerEntry.objects.filter(
            merchant_id=payment.merchant_id,
            transaction__source_type="payments.payment",
            transaction__source_id=payment.pk,
        ).select_related("transaction", "account")
        rows = ((each.transaction.kind, each.account.kind, each.amount) for each in entries)
        return format_html_join("\n", "<p>{} · {} · {}</p>", rows) or "-"
