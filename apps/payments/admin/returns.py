"""Orders knows no payment: what a return paid is added to its page from here."""

from typing import override
from uuid import UUID

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from apps.core.admin import ReadOnlyInline
from apps.orders.admin import ReturnAdmin
from apps.orders.models import Return
from apps.payments import choices
from apps.payments.admin.entries import PAYMENT, Source, entries_table
from apps.payments.gateways.store_credit.models import StoreCreditAccount, StoreCreditMovement
from apps.payments.models import Payment


class PaymentInline(ReadOnlyInline[Payment, Return]):
    model = Payment
    fields = (
        "created_at",
        "purpose",
        "gateway",
        "amount",
        "status",
        "failure_code",
        "provider_ref",
        "settled_at",
    )

    @override
    def get_queryset(self, request: HttpRequest) -> QuerySet[Payment]:
        """The columns that all gateways share: what each adds would be a query of its own."""
        return Payment.objects.non_polymorphic().order_by("id")


class ReturnWithMoneyAdmin(ReturnAdmin):
    words = {**ReturnAdmin.words, **dict(choices.Event.choices)}
    inlines = (*ReturnAdmin.inlines, PaymentInline)
    fieldsets = (*ReturnAdmin.fieldsets, ("In the books", {"fields": ("ledger_entries",)}))

    @override
    def happened(self, ret: Return) -> Q:
        paid = Q(subject_type=PAYMENT, subject_id__in=_payments_of(ret))
        credit = StoreCreditAccount.objects.filter(ret=ret).values_list("pk", flat=True)
        given = Q(subject_type=StoreCreditAccount._meta.label_lower, subject_id__in=list(credit))
        return super().happened(ret) | paid | given

    @admin.display(description="Entries")
    def ledger_entries(self, ret: Return) -> SafeString:
        """Of the return, its payments, and the credit that it was paid with."""
        moves = StoreCreditMovement.objects.filter(account__ret=ret).values_list("pk", flat=True)
        sources: list[Source] = [(ret._meta.label_lower, ret.pk)]
        sources += [(PAYMENT, key) for key in _payments_of(ret)]
        sources += [(StoreCreditMovement._meta.label_lower, key) for key in moves]
        return entries_table(ret.merchant_id, sources)


def _payments_of(ret: Return) -> list[UUID]:
    return list(Payment.objects.for_return(ret).values_list("pk", flat=True))


admin.site.unregister(Return)
admin.site.register(Return, ReturnWithMoneyAdmin)
