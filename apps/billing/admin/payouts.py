from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from apps.billing import services
from apps.billing.models import MerchantPayout
from apps.core import clock
from apps.core.admin import ReadOnlyAdmin
from apps.users.acting import WithWords, for_each, staff_of, words_of


@admin.register(MerchantPayout)
class MerchantPayoutAdmin(ReadOnlyAdmin[MerchantPayout]):
    """Transfers that invoices announce; staff make them at the bank and say so here."""

    action_form = WithWords
    list_display = ("invoice", "merchant", "amount", "status", "needs_second_person", "reference")
    list_filter = ("status", "needs_second_person")
    list_select_related = ("merchant", "invoice")
    search_fields = ("invoice__code", "merchant__name", "=reference")
    actions = ("approve", "paid")

    def has_bill_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("billing.change_invoice"))

    @admin.action(description="Approve the transfer", permissions=["bill"])
    def approve(self, request: HttpRequest, queryset: QuerySet[MerchantPayout]) -> None:
        by = staff_of(request)

        def approve(payout: MerchantPayout) -> str:
            services.approve_payout(payout, by)
            return f"approved by {payout.approved_by}"

        for_each(self, request, queryset, approve)

    @admin.action(description="Transferred (the bank's reference)", permissions=["bill"])
    def paid(self, request: HttpRequest, queryset: QuerySet[MerchantPayout]) -> None:
        by, words = staff_of(request), words_of(request)[:60]

        def paid(payout: MerchantPayout) -> str:
            services.confirm_payout(payout, words, by, clock.now())
            return str(payout.status)

        for_each(self, request, queryset, paid, needs_words="the bank's reference")
