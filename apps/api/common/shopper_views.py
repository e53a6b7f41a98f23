"""The bases of the views of both shopper hosts: before a session, and with one."""

from typing import cast, override

from apps.accounts.models import Merchant, Store
from apps.api.common.client_ip import client_ip, network_of
from apps.api.common.permissions import Anyone
from apps.api.common.shoppers import store_of
from apps.api.common.throttles import NetworkThrottle
from apps.api.common.views import ApiView
from apps.api.models.sessions import ShopperSession
from apps.events import choices as events
from apps.events.actors import Actor


class ShopperStoreView(ApiView):
    """Routes under `stores/<slug:slug>/` for everyone; look-ups add GuardedNetworkThrottle."""

    authentication_classes = []
    permission_classes = [Anyone]
    throttle_classes = [NetworkThrottle]

    @property
    def store(self) -> Store:
        return store_of(self.request)

    @property
    @override
    def merchant(self) -> Merchant:
        return self.store.merchant

    @property
    @override
    def actor(self) -> Actor:
        return Actor(events.Event.Actor.SHOPPER)

    @property
    @override
    def credential_id(self) -> str:
        return network_of(client_ip(self.request._request))

    @property
    @override
    def family(self) -> str:
        return f"store:{self.store.pk}"


class ShopperSessionView[S: ShopperSession](ShopperStoreView):
    """The session is what its authentication class found; a host says whose it is."""

    @property
    def session(self) -> S:
        return cast("S", self.request.auth)

    @property
    @override
    def credential_id(self) -> str:
        return str(self.session.pk)
