"""The bases of every view of the customers-api host: before and after the sign-in."""

from typing import override

from apps.accounts.models import Customer
from apps.api.common.shopper_views import ShopperSessionView, ShopperStoreView
from apps.api.common.throttles import CredentialThrottle
from apps.api.customers.auth import CustomerSessionAuthentication, IsCustomer
from apps.api.models import CustomerSession
from apps.events import choices as events
from apps.events.actors import Actor


class CustomersStoreView(ShopperStoreView):
    host = "customers"


class CustomersView(ShopperSessionView[CustomerSession], CustomersStoreView):
    """Routes of one signed-in customer, who sees own rows of this store only."""

    authentication_classes = [CustomerSessionAuthentication]
    permission_classes = [IsCustomer]
    throttle_classes = [CredentialThrottle]

    @property
    def customer(self) -> Customer:
        return self.session.customer

    @property
    @override
    def actor(self) -> Actor:
        return Actor(events.Event.Actor.SHOPPER, str(self.customer.pk))

    @property
    @override
    def family(self) -> str:
        return f"customer:{self.customer.pk}"
