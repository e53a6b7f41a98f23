"""The bases of every view of the returns-api host: before and after a session."""

from typing import override

from apps.api.common.shopper_views import ShopperSessionView, ShopperStoreView
from apps.api.common.throttles import CredentialThrottle
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


class StoreView(ShopperStoreView):
    host = "returns"

    @property
    def language(self) -> str:
        return language_of(self.request, self.store)


class PortalView(ShopperSessionView[PortalSession], StoreView):
    """Routes of one order; where proof is needed add `IsProved` to `permission_classes`."""

    authentication_classes = [PortalSessionAuthentication]
    permission_classes = [HasSession]
    throttle_classes = [PortalThrottle]

    @property
    def order(self) -> Order:
        return self.session.order

    @property
    @override
    def actor(self) -> Actor:
        return Actor(events.Event.Actor.SHOPPER, str(self.session.pk))

    @property
    @override
    def family(self) -> str:
        """The order: a shopper who looked it up again may retry."""
        return f"order:{self.session.order_id}"
