from typing import Any
from uuid import UUID

from django.db.models import Q
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.common.operations import operation
from apps.api.common.shapes.returns import RETURN_COLUMNS, return_detail, return_rows
from apps.api.merchants.base import MerchantsView
from apps.api.merchants.forms.returns import ReturnFilters, ReturnsPage
from apps.api.merchants.permissions import allows
from apps.api.merchants.serializers import ReturnFileSerializer, ReturnSerializer
from apps.api.merchants.shapes.advances import advance_shape
from apps.api.merchants.shapes.paying import payment_shape
from apps.api.merchants.shapes.timeline import timeline
from apps.api.merchants.views.orders import mentioned
from apps.orders import choices as orders
from apps.orders.managers import ReturnQuerySet
from apps.orders.models import Return
from apps.users import choices

SHOWN = {200: ReturnFileSerializer}


class ReturnsArea(MerchantsView):
    permission_classes = [allows(choices.Role.Area.RETURNS)]

    def file(self, id: UUID, status: int = 200) -> Response:
        """The return with its breakdown and timeline: four queries, three more with an advance, one
        with a difference that the shopper pays."""
        return self.show(return_file(Return.objects.for_merchant(self.merchant), id), status)


class ReturnsView(ReturnsArea):
    @operation(
        "List returns", query=ReturnsPage, shows={200: ReturnSerializer(many=True)}, paged=True
    )
    def get(self, request: Request) -> Response:
        """`q` finds a return or order number, an e-mail, a part of a name, or a SKU."""
        form = ReturnsPage(data=request.query_params)
        rows = filtered(Return.objects.for_merchant(self.merchant), form.judged())
        page = form.page.page(form.page.rows(rows.values(*RETURN_COLUMNS)))
        return self.show(page.show(return_rows(page.rows)))


class ReturnView(ReturnsArea):
    with_etag = True

    @operation("Read a return", shows=SHOWN)
    def get(self, request: Request, id: UUID) -> Response:
        return self.file(id)


def return_file(returns: ReturnQuerySet, id: UUID) -> dict[str, Any]:
    shown = return_detail(returns, id)
    return {
        **shown,
        "advance": advance_shape(id) if shown["mode"] == orders.Return.Mode.INSTANT else None,
        "payment": payment_shape(id) if shown["net"].minor < 0 else None,
        "timeline": timeline(Return._meta.label_lower, id),
    }


def filtered(returns: ReturnQuerySet, filters: ReturnFilters) -> ReturnQuerySet:
    if filters.q:
        text = filters.q.strip()
        returns = returns.filter(Q(number=text.upper()) | mentioned(text, "order__", "order_id"))
    if filters.is_open is not None:
        final = Q(status__in=orders.Return.FINAL)
        returns = returns.filter(~final if filters.is_open else final)
    wanted = {
        "store__slug": filters.store,
        "status": filters.status,
        "refund_method": filters.refund_method,
        "order_id": filters.order,
    }
    return returns.filter(**{name: value for name, value in wanted.items() if value})
