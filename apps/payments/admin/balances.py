from django.contrib import admin

from apps.core.admin import ReadOnlyAdmin
from apps.payments.models import BalanceDay, OddBalanceLine, OutsideRefund


@admin.register(OutsideRefund)
class OutsideRefundAdmin(ReadOnlyAdmin[OutsideRefund]):
    """Refunds made in a provider's own dashboard."""

    list_display = ("provider_ref", "gateway", "amount", "uncounted", "seen_at", "merchant")
    list_filter = ("gateway", "environment")
    search_fields = ("=id", "=provider_ref", "merchant__name")
    fields = (
        ("gateway", "environment", "provider_ref"),
        ("amount", "uncounted"),
        ("order", "tender"),
        ("merchant", "seen_at", "id"),
    )


@admin.register(BalanceDay)
class BalanceDayAdmin(ReadOnlyAdmin[BalanceDay]):
    """What refunds moved on a day, by the provider and by our books."""

    list_display = ("day", "gateway", "currency", "provider", "books", "matched_at", "merchant")
    list_filter = ("gateway", "currency")
    search_fields = ("=id", "=account", "merchant__name")
    fields = (
        ("gateway", "account"),
        ("day", "currency"),
        ("provider", "books"),
        ("merchant", "matched_at", "id"),
    )


@admin.register(OddBalanceLine)
class OddBalanceLineAdmin(ReadOnlyAdmin[OddBalanceLine]):
    """Lines of a provider's balance report that nobody understood."""

    list_display = ("gateway", "kind", "line", "example", "seen_at", "merchant")
    list_filter = ("gateway",)
    search_fields = ("=id", "=account", "=kind", "merchant__name")
    fields = (
        ("gateway", "account"),
        ("kind", "line", "example"),
        ("merchant", "seen_at", "id"),
    )
