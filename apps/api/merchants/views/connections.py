"""The platform of a store: connected, looked at, let go of."""

from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.models import Store
from apps.api.common.operations import operation
from apps.api.merchants.base import MerchantsView
from apps.api.merchants.connection_serializers import ConnectionSerializer
from apps.api.merchants.forms.connections import ConnectionForm
from apps.api.merchants.permissions import SecondFactorToChange, allows
from apps.api.merchants.shapes.connections import connection_shape
from apps.integrations.connecting import (
    ConnectionRefused,
    CurrencyDiffers,
    PlatformDiffers,
    PlatformNotOffered,
    ShopUnreachable,
    WebhookHealth,
    connect_store,
    connector_of,
    disconnect_store,
    webhook_health,
)
from apps.integrations.connectors import AbstractConnector
from apps.integrations.payloads import MalformedPayload
from apps.users import choices


class ConnectionView(MerchantsView):
    permission_classes = [allows(choices.Role.Area.INTEGRATIONS), SecondFactorToChange]

    @operation("Read how a store is connected", shows={200: ConnectionSerializer})
    def get(self, request: Request, slug: str) -> Response:
        """The shop is asked about its webhooks while you wait."""
        store = self.store(slug)
        return self._shown(store, connector_of(store))

    @operation(
        "Connect a store to its platform",
        form=ConnectionForm,
        shows={200: ConnectionSerializer},
        refusals=[
            PlatformNotOffered,
            PlatformDiffers,
            CurrencyDiffers,
            ConnectionRefused,
            ShopUnreachable,
            MalformedPayload,
        ],
    )
    def post(self, request: Request, slug: str) -> Response:
        """The shop is asked with the grant; what it granted is sealed and never shown again."""
        store = self.store(slug)
        return self._shown(store, connect_store(store, self.judge(ConnectionForm)))

    @operation("Disconnect a store", shows={204: None})
    def delete(self, request: Request, slug: str) -> Response:
        """The credentials are destroyed; its orders and returns stay."""
        disconnect_store(self.store(slug))
        return self.show()

    def _shown(self, store: Store, connector: AbstractConnector | None) -> Response:
        health = webhook_health(store, connector) if connector else WebhookHealth()
        return self.show(connection_shape(store, connector, health))
