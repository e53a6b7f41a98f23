from django.contrib import admin

from apps.core.admin import ReadOnlyAdmin, ReadOnlyInline
from apps.orders.models import RestockMovement, StockLevel, StockReservation


class ReservationInline(ReadOnlyInline[StockReservation, StockLevel]):
    model = StockReservation
    verbose_name_plural = "Held for exchanges"
    fields = ("quantity", "status", "expires_at")


class MovementInline(ReadOnlyInline[RestockMovement, StockLevel]):
    model = RestockMovement
    verbose_name_plural = "Put back"
    related = ("location",)
    fields = ("at", "quantity", "location")


@admin.register(StockLevel)
class StockLevelAdmin(ReadOnlyAdmin[StockLevel]):
    list_display = ("title", "sku", "store", "price", "on_hand", "reserved", "available")
    list_select_related = ("store",)
    search_fields = ("=sku", "=variant_id", "title")
    fields = (
        "title",
        "sku",
        "variant_id",
        "product_id",
        "merchant",
        "store",
        "price",
        "tax_rate",
        "on_hand",
        "reserved",
        "available",
    )
    inlines = (ReservationInline, MovementInline)
