from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.common.operations import operation
from apps.api.common.shapes.orders import ORDER_COLUMNS, order_detail, order_rows
from apps.api.merchants.base import MerchantsView
from apps.api.merchants.forms.orders import OrderFilters, OrdersPage
from apps.api.merchants.permissions import allows
from apps.api.merchants.serializers import OrderDetailSerializer, OrderSerializer
from apps.core.rows import read
from apps.orders.managers import OrderQuerySet
from apps.orders.models import LineItem, Order
from apps.users import choices


class OrdersView(MerchantsView):
    permission_classes = [allows(choices.Role.Area.ORDERS)]

    @operation("List orders", query=OrdersPage, shows={200: OrderSerializer(many=True)}, paged=True)
    def get(self, request: Request) -> Response:
        """`q` finds an order number, an e-mail, a part of a name, or a SKU."""
        form = OrdersPage(data=request.query_params)
        rows = filtered(Order.objects.for_merchant(self.merchant), form.judged())
        page = form.page.page(read(form.page.cut(rows.values(*ORDER_COLUMNS))))
        return self.show(page.show(order_rows(page.rows)))


class OrderView(MerchantsView):
    permission_classes = [allows(choices.Role.Area.ORDERS)]
    with_etag = True

    @operation("Read an order", shows={200: OrderDetailSerializer})
    def get(self, request: Request, id: UUID) -> Response:
        return self.show(order_detail(Order.objects.for_merchant(self.merchant), id))


def filtered(orders: OrderQuerySet, filters: OrderFilters) -> OrderQuerySet:
    if filters.q:
        orders = orders.filter(mentioned(filters.q))
    wanted = {
        "store__slug": filters.store,
        "shipping_address__country": filters.country,
        "placed_at__gte": filters.placed_from,
        "placed_at__lt": filters.placed_until,
    }
    if filters.flag:
        orders = orders.flagged("" if filters.flag == "any" else filters.flag)
    return orders.filter(**{name: value for name, value in wanted.items() if value})


def mentioned(text: str, prefix: str = "", line: str = "pk") -> Q:
    """Orders that the text names; `prefix` leads to the order, `line` to its key."""
    bare = text.strip().lstrip("#").strip()
    lines = LineItem.objects.filter(
        order_id=OuterRef(line), merchant_id=OuterRef("merchant_id"), sku=text.strip()
    )
    return (
        Q(**{f"{prefix}number__in": {bare, f"#{bare}"}})
        | Q(**{f"{prefix}email": text.strip().lower()})
        | Q(**{f"{prefix}customer__name__icontains": text.strip()})
        | Q(Exists(lines))
    )
