from django.contrib import admin

from apps.core.admin import ReadOnlyAdmin
from apps.payments.models import GatewayAccount


@admin.register(GatewayAccount)
class GatewayAccountAdmin(ReadOnlyAdmin[GatewayAccount]):
    """Which account gives payments back; its secrets are shown to nobody."""

    list_display = ("account_id", "gateway", "merchant", "store", "environment", "is_active")
    list_filter = ("gateway", "environment", "is_active")
    list_select_related = ("merchant", "store")
    search_fields = ("=id", "=account_id", "merchant__name")
    fields = (
        ("gateway", "account_id", "environment", "is_active"),
        ("merchant", "store"),
        ("id", "created_at", "caught_up_to"),
    )
