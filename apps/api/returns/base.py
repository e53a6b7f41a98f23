"""The bases of every view of the returns-api host: before and after a session."""

from typing import cast, override

from apps.accounts.models import Merchant, Store
from apps.api.common.client_ip import client_ip, network_of
from apps.api.common.permissions import Anyone
from apps.api.common.shoppers import store_of
from apps.api.common.throttles import CredentialThrottle, NetworkThrottle
from apps.api.common.views import ApiView
from apps.api.models import PortalSession
from apps.api.returns.auth import HasSession, PortalSessionAuthentication
from apps.api.returns.language import language_of
from apps.events import choices as events
from apps.events.actors import Actor
from apps.orders.models import Order


class PortalThrottle(CredentialThrottle):
    """Per session: 120 a minute, 2,000 an hour."""

    MINUTELY = 120
    HOURLY = 2_000


class StoreView(ApiView):
    """Routes under `stores/<slug:slug>/` for everyone; look-ups add GuardedNetworkThrottle."""

    host = "returns"
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
    def language(self) -> str:
        return language_of(self.request, self.store)

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


class PortalView(StoreView):
    """Routes of one order; where proof is needed add `IsProved` to `permission_classes`."""

    authentication_classes = [PortalSessionAuthentication]
    permission_classes = [HasSession]
    throttle_classes = [PortalThrottle]

    @property
    def session(self) -> PortalSession:
        return cast("PortalSession", self.request.auth)

    @property
    def order(self) -> Order:
        return self.session.order

    @property
    @override
    def actor(self) -> Actor:
        return Actor(events.Event.Actor.SHOPPER, str(self.session.pk))

    @property
    @override
    def credential_id(self) -> str:
        return str(self.session.pk)

    @property
    @override
    def family(self) -> str:
        """The order: a shopper who looked it up again may retry."""
        return f"order:{self.session.order_id}"
