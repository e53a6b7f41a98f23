"""Routes of tests only: before a session, with one, and with proof."""

from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.common.operations import operation
from apps.api.common.throttles import GuardedNetworkThrottle
from apps.api.returns.auth import HasSession, IsProved
from apps.api.returns.base import PortalView, StoreView
from apps.events import actors


class ShopView(StoreView):
    @operation("See the store", shows={200: None})
    def get(self, request: Request, slug: str) -> Response:
        return self.show(
            {
                "store": self.store.name,
                "merchant": self.merchant.name,
                "actor": [actors.current().kind, actors.current().id],
                "family": self.family,
            }
        )


class LookupView(ShopView):
    throttle_classes = [GuardedNetworkThrottle]


class OrderView(PortalView):
    @operation("See the order", shows={200: None})
    def get(self, request: Request, slug: str) -> Response:
        return self.show(
            {
                "order": str(self.order.pk),
                "actor": [actors.current().kind, actors.current().id],
                "family": self.family,
            }
        )


class SecretView(OrderView):
    permission_classes = [HasSession, IsProved]


urlpatterns = [
    path("v1/stores/<slug:slug>", ShopView.as_view()),
    path("v1/stores/<slug:slug>/lookups", LookupView.as_view()),
    path("v1/stores/<slug:slug>/order", OrderView.as_view()),
    path("v1/stores/<slug:slug>/secret", SecretView.as_view()),
]
