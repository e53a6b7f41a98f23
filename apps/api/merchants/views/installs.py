"""Stores that are connected at their platform: sent there, or claimed by who comes from there."""

from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.common.operations import operation
from apps.api.merchants.base import MerchantsView
from apps.api.merchants.connection_serializers import ConnectionSerializer, InstallSerializer
from apps.api.merchants.forms.connections import ClaimForm, InstallForm
from apps.api.merchants.permissions import SecondFactorToChange, allows
from apps.api.merchants.shapes.connections import connection_shape
from apps.core import clock
from apps.integrations import claiming, installing
from apps.integrations.connecting import (
    ConnectionRefused,
    CurrencyDiffers,
    PlatformDiffers,
    PlatformNotOffered,
    ShopUnreachable,
    webhook_health,
)
from apps.integrations.mixins.claiming import ClaimRefused
from apps.users import choices


class InstallView(MerchantsView):
    permission_classes = [allows(choices.Role.Area.INTEGRATIONS), SecondFactorToChange]

    @operation(
        "Have the shop itself grant access",
        form=InstallForm,
        shows={200: InstallSerializer},
        refusals=[installing.InstallNotOffered, installing.InstallRefused, PlatformDiffers],
    )
    def post(self, request: Request, slug: str) -> Response:
        """`url` is for the browser of whoever may say yes at the shop, and holds for minutes."""
        store = self.store(slug)
        asked = self.judge(InstallForm)
        return self.show({"url": installing.begin(store, asked.platform, asked.domain)})


class ClaimView(MerchantsView):
    permission_classes = [allows(choices.Role.Area.INTEGRATIONS), SecondFactorToChange]

    @operation(
        "Connect a shop that was installed at its platform",
        form=ClaimForm,
        shows={200: ConnectionSerializer},
        refusals=[
            ClaimRefused,
            PlatformNotOffered,
            PlatformDiffers,
            CurrencyDiffers,
            ConnectionRefused,
            ShopUnreachable,
        ],
    )
    def post(self, request: Request, slug: str) -> Response:
        """`claim` came after the # of the address of the dashboard; it is good for one store."""
        store = self.store(slug)
        connector = claiming.claim(store, self.judge(ClaimForm).claim, clock.now())
        return self.show(connection_shape(store, connector, webhook_health(store, connector)))
