"""The base of every view of the merchants-api host."""

from typing import cast, override

from apps.accounts.models import Merchant
from apps.api.common.throttles import CredentialThrottle
from apps.api.common.views import ApiView
from apps.api.merchants.auth import MerchantUserAuthentication, Seat
from apps.events import choices as events
from apps.events.actors import Actor
from apps.users.models import Membership


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
