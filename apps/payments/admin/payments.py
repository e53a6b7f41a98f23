from collections import defaultdict
from typing import override
from uuid import UUID

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from apps.accounts.models import Merchant
from apps.core import clock
from apps.core.admin import ReadOnlyAdmin, table
from apps.core.errors import DomainError
from apps.payments import services
from apps.payments.admin.entries import PAYMENT, entries_table
from apps.payments.models import Payment
from apps.payments.services.payouts import BatchRequest
from apps.users.models import User

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

    actions = ("batch_advances",)

    def has_payout_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("payments.change_banktransferbatch"))

    @admin.action(description="Open batches of these advances, by merchant", permissions=["payout"])
    def batch_advances(self, request: HttpRequest, queryset: QuerySet[Payment]) -> None:
        """Paid from the platform's bank; approved and exported as any other batch."""
        staff = User.objects.get(pk=str(request.user.pk))
        chosen: dict[Merchant, list[UUID]] = defaultdict(list)
        for payment in queryset:
            chosen[payment.merchant].append(payment.pk)
        for merchant, payments in chosen.items():
            wanted = BatchRequest(merchant, staff, tuple(payments), of_platform=True)
            try:
                batch = services.open_batch(wanted, clock.now())
            except DomainError as refusal:
                self.message_user(request, f"{merchant}: {refusal}", messages.ERROR)
            else:
                self.message_user(request, f"{merchant}: {batch}", messages.SUCCESS)

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
