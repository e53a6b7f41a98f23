from typing import Any
from uuid import UUID

from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.models import Store
from apps.api.common.operations import operation
from apps.api.common.shapes.orders import ORDER_COLUMNS, order_detail, order_rows
from apps.api.public.base import PublicView
from apps.api.public.forms.orders import (
    BulkForm,
    OrderFilters,
    OrderForm,
    OrdersPage,
    ToldOrder,
)
from apps.api.public.permissions import scoped
from apps.api.public.serializers import (
    BulkResultSerializer,
    OrderDetailSerializer,
    OrderSerializer,
)
from apps.core.errors import DomainError
from apps.core.rows import read
from apps.orders.models import Order
from apps.orders.services import ImportOutcome, import_order
from apps.orders.services.importing import (
    DuplicateLine,
    RefundedMoreThanCaptured,
    Result,
    WrongCurrency,
)
from apps.users import choices as users

REFUSALS = (WrongCurrency, DuplicateLine, RefundedMoreThanCaptured)


class StoreUnclear(DomainError):
    code = "store_unclear"
    title = "Name the store by its slug: the merchant has several, or none of that name"
    status = 400


class OrdersWrite(PublicView):
    permission_classes = [scoped(users.ApiKey.Scope.ORDERS_WRITE)]

    def take(self, told: ToldOrder) -> ImportOutcome:
        return import_order(self.store_of(told.store), told.snapshot)

    def store_of(self, slug: str) -> Store:
        stores = Store.objects.for_merchant(self.merchant).select_related("merchant")
        found = list((stores.filter(slug=slug) if slug else stores)[:2])
        if len(found) != 1:
            raise StoreUnclear(store=slug)
        return found[0]


class OrdersView(OrdersWrite):
    @operation(
        "Tell an order (new or changed)",
        form=OrderForm,
        shows={200: OrderDetailSerializer, 201: OrderDetailSerializer},
        refusals=[*REFUSALS, StoreUnclear],
    )
    def post(self, request: Request) -> Response:
        """Upsert by `external_id`. 201 when new, 200 when changed, unchanged or out of date."""
        outcome = self.take(self.judge(OrderForm))
        status = 201 if outcome.result is Result.CREATED else 200
        orders = Order.objects.for_merchant(self.merchant)
        shown = {**order_detail(orders, outcome.order.pk), "result": outcome.result}
        return self.show(shown, status)

    @operation("List orders", query=OrdersPage, shows={200: OrderSerializer(many=True)}, paged=True)
    def get(self, request: Request) -> Response:
        form = OrdersPage(data=request.query_params)
        rows = filtered(Order.objects.for_merchant(self.merchant), form.judged())
        page = form.page.page(read(form.page.cut(rows.values(*ORDER_COLUMNS))))
        return self.show(page.show(order_rows(page.rows)))


class OrderView(PublicView):
    permission_classes = [scoped()]
    with_etag = True

    @operation("Read an order", shows={200: OrderDetailSerializer})
    def get(self, request: Request, id: UUID) -> Response:
        return self.show(order_detail(Order.objects.for_merchant(self.merchant), id))


class BulkOrdersView(OrdersWrite):
    @operation(
        "Tell up to 100 orders",
        form=BulkForm,
        shows={200: BulkResultSerializer},
        refusals=[],
    )
    def post(self, request: Request) -> Response:
        """Each order stands for itself: its result or its refusal comes at its place."""
        told: tuple[Any, ...] = self.judge(BulkForm)
        results = [self._one(index, each) for index, each in enumerate(told)]
        refused = sum("problem" in result for result in results)
        return self.show({"results": results, "refused": refused})

    def _one(self, index: int, body: object) -> dict[str, Any]:
        try:
            outcome = self.take(OrderForm(data=body).judged())
        except ValidationError as refused:
            problem: dict[str, Any] = {"code": "invalid_form", "errors": refused.get_full_details()}
            return {"index": index, "problem": problem}
        except DomainError as refused:
            problem = {"code": refused.code, "title": refused.title, "details": refused.details}
            return {"index": index, "problem": problem}
        order = outcome.order
        return {
            "index": index,
            "id": order.pk,
            "external_id": order.external_id,
            "result": outcome.result,
        }


def filtered(orders: Any, filters: OrderFilters) -> Any:
    if filters.store:
        orders = orders.filter(store__slug=filters.store)
    if filters.number:
        orders = orders.numbered(filters.number)
    if filters.external_id:
        orders = orders.filter(external_id=filters.external_id)
    if filters.email:
        orders = orders.filter(email=filters.email.strip().lower())
    return orders
