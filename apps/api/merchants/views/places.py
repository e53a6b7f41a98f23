from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.models import Location, Store
from apps.api.common.operations import operation
from apps.api.common.pages import PageForm
from apps.api.common.permissions import Authenticated
from apps.api.merchants.base import MerchantsView
from apps.api.merchants.setting_serializers import LocationSerializer, StoreSerializer
from apps.api.merchants.shapes.settings import location_shape, store_shape


class StoresPage(PageForm):
    """Newest first."""


class LocationsPage(PageForm):
    """Newest first."""


class StoresView(MerchantsView):
    permission_classes = [Authenticated]

    @operation("List stores", query=StoresPage, shows={200: StoreSerializer(many=True)}, paged=True)
    def get(self, request: Request) -> Response:
        form = StoresPage(data=request.query_params)
        form.judged()
        page = form.page.page(form.page.rows(Store.objects.for_merchant(self.merchant)))
        return self.show(page.show([store_shape(store) for store in page.rows]))


class LocationsView(MerchantsView):
    permission_classes = [Authenticated]

    @operation(
        "List locations",
        query=LocationsPage,
        shows={200: LocationSerializer(many=True)},
        paged=True,
    )
    def get(self, request: Request) -> Response:
        form = LocationsPage(data=request.query_params)
        form.judged()
        page = form.page.page(form.page.rows(Location.objects.for_merchant(self.merchant)))
        return self.show(page.show([location_shape(each) for each in page.rows]))
