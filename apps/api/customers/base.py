"""The bases of every view of the customers-api host: before and after the sign-in."""

from typing import cast, override

from apps.accounts.models import Customer, Merchant, Store
from apps.api.common.client_ip import client_ip, network_of
from apps.api.common.permissions import Anyone
from apps.api.common.shoppers import store_of
from apps.api.common.throttles import CredentialThrottle, NetworkThrottle
from apps.api.common.views import ApiView
from apps.api.customers.auth import CustomerSessionAuthentication, IsCustomer
from apps.api.models import CustomerSession
from apps.events import choices as events
from apps.events.actors import Actor


class CustomersStoreView(ApiView):
    """Routes under `stores/<slug:slug>/` before the sign-in."""

    host = "customers"
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


class CustomersView(CustomersStoreView):
    """Routes of one signed-in customer, who sees own rows of this store only."""

    authentication_classes = [CustomerSessionAuthentication]
    permission_classes = [IsCustomer]
    throttle_classes = [CredentialThrottle]

    @property
    def session(self) -> CustomerSession:
        return cast("CustomerSession", self.request.auth)

    @property
    def customer(self) -> Customer:
        return self.session.customer

    @property
    @override
    def actor(self) -> Actor:
        return Actor(events.Event.Actor.SHOPPER, str(self.customer.pk))

    @property
    @override
    def credential_id(self) -> str:
        return str(self.session.pk)

    @property
    @override
    def family(self) -> str:
        return f"customer:{self.customer.pk}"
