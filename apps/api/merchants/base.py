"""The base of every view of the merchants-api host."""

from typing import cast, override
from uuid import UUID

from apps.accounts.models import Merchant, Store
from apps.api.common.throttles import CredentialThrottle
from apps.api.common.views import ApiView
from apps.api.merchants.auth import MerchantUserAuthentication, Seat
from apps.events import choices as events
from apps.events.actors import Actor
from apps.orders.models import Order, Return
from apps.users.models import Membership, User


class UserThrottle(CredentialThrottle):
    """A dashboard asks more often than a program: 600 a minute, 15,000 an hour."""

    MINUTELY = 600
    HOURLY = 15_000


class MerchantsView(ApiView):
    """Views that move money set `keys = Keys.REQUIRED` and `money = True`."""

    host = "merchants"
    authentication_classes = [MerchantUserAuthentication]
    throttle_classes = [UserThrottle]

    @property
    def membership(self) -> Membership:
        return cast("Seat", self.request.auth).membership

    @property
    def user(self) -> User:
        return cast("User", self.request.user)

    def store(self, slug: str) -> Store:
        stores = Store.objects.for_merchant(self.merchant)
        return self.find(stores.select_related("merchant"), slug=slug)

    def order(self, id: UUID) -> Order:
        orders = Order.objects.for_merchant(self.merchant)
        return self.find(orders.select_related("store__preferences", "customer"), pk=id)

    def ret(self, id: UUID) -> Return:
        returns = Return.objects.for_merchant(self.merchant)
        return self.find(returns.select_related("order", "store"), pk=id)

    @property
    @override
    def merchant(self) -> Merchant:
        return self.membership.merchant

    @property
    @override
    def actor(self) -> Actor:
        return Actor(events.Event.Actor.MERCHANT, str(self.membership.user_id))

    @property
    @override
    def credential_id(self) -> str:
        return str(self.membership.pk)

    @property
    @override
    def family(self) -> str:
        return f"user:{self.membership.user_id}"
