"""The order of the session, what it may be exchanged for, and how goods travel back."""

from django.db.models import prefetch_related_objects
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.common.operations import operation
from apps.api.returns.base import PortalView
from apps.api.returns.forms.methods import MethodsQuery
from apps.api.returns.language import LanguageQuery
from apps.api.returns.methods import offers
from apps.api.returns.serializers import (
    ExchangeOptionsSerializer,
    MethodsSerializer,
    PortalOrderSerializer,
)
from apps.api.returns.shapes.methods import MOST_POINTS, method_shape, point_shape
from apps.api.returns.shapes.order import exchange_shape, order_shape
from apps.core import clock
from apps.deliveries import choices
from apps.deliveries.models import DropOffPoint
from apps.orders.modules.inventory.services import exchange_options


class OrderView(PortalView):
    @operation("Read the order", query=LanguageQuery, shows={200: PortalOrderSerializer})
    def get(self, request: Request, slug: str) -> Response:
        """Each line says how many units may come back, and if not, why."""
        self.judge_query(LanguageQuery)
        return self.show(order_shape(self.session, self.language, clock.now()))


class ExchangeOptionsView(PortalView):
    @operation("List exchange options", shows={200: ExchangeOptionsSerializer})
    def get(self, request: Request, slug: str) -> Response:
        """Other variants in stock, with the price difference of one unit."""
        order = self.order
        prefetch_related_objects([order], "lines", "tenders")
        return self.show({"lines": exchange_shape(exchange_options(order))})


class MethodsView(PortalView):
    @operation("List return methods", query=MethodsQuery, shows={200: MethodsSerializer})
    def get(self, request: Request, slug: str) -> Response:
        wanted = self.judge_query(MethodsQuery)
        order = self.order
        shown = [
            method_shape(method, by_outcome)
            for method, by_outcome in offers(order, self.language).items()
            if any(offer.is_offered for offer in by_outcome.values())
        ]
        points: list[DropOffPoint] = []
        if any(each["kind"] == choices.ReturnMethod.Type.DROP_OFF for each in shown):
            country = str(order.shipping_address.get("country", ""))
            here = DropOffPoint.objects.for_store(self.store)
            points = here.nearest(country, wanted.postcode or order.postcode)[:MOST_POINTS]
        return self.show(
            {"methods": shown, "drop_off_points": [point_shape(point) for point in points]}
        )
