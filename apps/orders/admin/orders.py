from typing import override

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from apps.core.admin import ReadOnlyAdmin, ReadOnlyInline
from apps.orders.models import LineItem, Order, OrderTender, Return


class LineInline(ReadOnlyInline[LineItem, Order]):
    model = LineItem
    verbose_name_plural = "Lines"
    fields = (
        "title",
        "variant_title",
        "sku",
        "quantity",
        "fulfilled_quantity",
        "returned_quantity",
        "refunded_quantity",
        "unit_price",
        "paid",
        "refunded",
    )


class TenderInline(ReadOnlyInline[OrderTender, Order]):
    model = OrderTender
    verbose_name_plural = "Paid with"
    fields = ("kind", "gateway", "external_id", "captured", "refunded")


class ReturnInline(ReadOnlyInline[Return, Order]):
    model = Return
    fields = ("number", "type", "status", "refund_method", "net", "requested_at", "decided_at")


@admin.register(Order)
class OrderAdmin(ReadOnlyAdmin[Order]):
    """Searched by whole values: an order is looked up, people are not browsed."""

    list_display = ("number", "store", "email", "total", "refunded", "placed_at", "delivered_at")
    list_filter = ("placed_at",)
    list_select_related = ("store",)
    search_fields = ("number",)
    search_help_text = "Order number, e-mail, external id or SKU, whole"
    inlines = (LineInline, TenderInline, ReturnInline)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("number", "external_id"),
                    ("merchant", "store"),
                    ("customer", "email"),
                    "ship_to",
                    "marks",
                )
            },
        ),
        (
            "Sums",
            {
                "fields": (
                    ("total", "captured", "refunded"),
                    ("shipping", "shipping_refunded"),
                    ("duties", "duties_refunded"),
                    "tax_included",
                )
            },
        ),
        (
            "Dates",
            {
                "fields": (
                    ("placed_at", "shipped_at", "delivered_at"),
                    ("cancelled_at", "anonymized_at"),
                    ("platform_updated_at", "version"),
                )
            },
        ),
    )

    @override
    def get_queryset(self, request: HttpRequest) -> QuerySet[Order]:
        return super().get_queryset(request).select_related("merchant", "store", "customer")

    @override
    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Order], search_term: str
    ) -> tuple[QuerySet[Order], bool]:
        """A line's order is asked for by itself: joined, it would multiply the orders."""
        term = search_term.strip()
        if not term:
            return queryset, False
        numbered = Order.objects.numbered(term).values("pk")
        with_sku = LineItem.objects.filter(sku=term).values("order_id")
        found = Q(pk__in=numbered) | Q(pk__in=with_sku) | Q(external_id=term)
        return queryset.filter(found | Q(email__iexact=term)), False

    @admin.display(description="Tags and flags")
    def marks(self, order: Order) -> str:
        return ", ".join(map(str, (*order.tags, *order.flags)))

    @admin.display(description="Ship to")
    def ship_to(self, order: Order) -> str:
        names = ("name", "street", "street2", "postcode", "city", "region", "country")
        return ", ".join(
            str(order.shipping_address[n]) for n in names if order.shipping_address.get(n)
        )
