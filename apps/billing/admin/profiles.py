from uuid import NAMESPACE_OID, uuid5

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from apps.billing import services
from apps.billing.helpers import day_of
from apps.billing.models import BillingProfile
from apps.core import clock
from apps.core.admin import ReadOnlyAdmin
from apps.core.errors import DomainError
from apps.core.money import Money
from apps.users.acting import WithWords, for_each, staff_of, words_of


class ReasonMissing(DomainError):
    code = "reason_missing"
    title = "Write the amount, and after it the reason"
    status = 400


@admin.register(BillingProfile)
class BillingProfileAdmin(ReadOnlyAdmin[BillingProfile]):
    """The merchant's own to change; an account shows its last four figures."""

    action_form = WithWords
    list_display = ("legal_name", "merchant", "country", "vat_number", "method", "complete")
    list_filter = ("method", "country")
    search_fields = ("legal_name", "merchant__name", "=vat_number", "=mandate_id")
    exclude = ("account",)
    readonly_fields = ("complete",)
    actions = ("give_credit",)

    def has_bill_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("billing.change_invoice"))

    @admin.display(description="Complete", boolean=True)
    def complete(self, profile: BillingProfile) -> bool:
        return profile.is_complete

    @admin.action(description="Give credit (12.50 and the reason)", permissions=["bill"])
    def give_credit(self, request: HttpRequest, queryset: QuerySet[BillingProfile]) -> None:
        """The same words on the same day are the same credit: a double click gives one."""
        by, at = staff_of(request), clock.now()
        amount, _, reason = words_of(request).partition(" ")

        def give(profile: BillingProfile) -> str:
            if not reason:
                raise ReasonMissing
            words = f"{profile.pk} {day_of(at)} {amount} {reason}"
            credit = Money.of(amount, profile.currency)
            key = uuid5(NAMESPACE_OID, words)
            fee = services.give_credit(profile.merchant, credit, reason, by, at, key)
            return str(fee)

        chosen = queryset.select_related("merchant")
        for_each(self, request, chosen, give, needs_words="an amount and the reason")
