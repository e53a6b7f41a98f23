from django.contrib import admin

from apps.billing.models import InvoiceCharge, InvoicePage, MerchantCard
from apps.core.admin import ReadOnlyAdmin


@admin.register(MerchantCard)
class MerchantCardAdmin(ReadOnlyAdmin[MerchantCard]):
    """Whoever has the page's address may give a card on it: it is the merchant's alone."""

    list_display = ("__str__", "merchant", "status", "expires", "consented_at", "removed_at")
    list_filter = ("status", "brand", "consent_version")
    search_fields = ("merchant__name", "merchant__slug", "=last4", "=customer_ref", "=session_id")
    exclude = ("url",)


@admin.register(InvoiceCharge)
class InvoiceChargeAdmin(ReadOnlyAdmin[InvoiceCharge]):
    """To be looked for at Stripe by `intent_id`; a surplus there is to be given back."""

    list_display = ("invoice", "merchant", "amount", "card", "status", "failure_code", "called_at")
    list_filter = ("status", "failure_code", "currency")
    list_select_related = ("merchant", "invoice", "card")
    search_fields = ("invoice__code", "merchant__name", "=intent_id")


@admin.register(InvoicePage)
class InvoicePageAdmin(ReadOnlyAdmin[InvoicePage]):
    list_display = ("invoice", "merchant", "amount", "status", "link_until", "failure_code")
    list_filter = ("status", "currency")
    list_select_related = ("merchant", "invoice")
    search_fields = ("invoice__code", "merchant__name", "=session_id")
    exclude = ("url",)
