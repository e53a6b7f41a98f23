from django.contrib import admin

from apps.core.admin import ReadOnlyAdmin
from apps.payments.gateways.stripe.models import StripeAccount


@admin.register(StripeAccount)
class StripeAccountAdmin(ReadOnlyAdmin[StripeAccount]):
    """Which account gives card payments back; its secrets are shown to nobody."""

    list_display = ("account_id", "merchant", "store", "environment", "is_active")
    list_filter = ("environment", "is_active")
    list_select_related = ("merchant", "store")
    search_fields = ("=id", "=account_id", "merchant__name")
    fields = (
        ("account_id", "environment", "is_active"),
        ("merchant", "store"),
        ("id", "created_at", "caught_up_to"),
    )
