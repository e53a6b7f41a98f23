"""Sessions of shoppers; every token is TOKEN."""

from datetime import timedelta

import factory
from factory.django import DjangoModelFactory

from apps.accounts.tests.factories import CustomerFactory, MerchantFactory, StoreFactory
from apps.api import choices
from apps.api.models import (
    CustomerSession,
    Evidence,
    IdempotencyRecord,
    LoginCode,
    LookupFailure,
    PortalSession,
    Proof,
)
from apps.api.models.sessions import digest
from apps.core import clock
from apps.orders.tests.factories import OrderFactory

TOKEN = "t" * 43


class CustomerSessionFactory(DjangoModelFactory[CustomerSession]):
    class Meta:
        model = CustomerSession

    store = factory.SubFactory(StoreFactory)
    merchant = factory.SelfAttribute("store.merchant")
    customer = factory.SubFactory(CustomerFactory, merchant=factory.SelfAttribute("..merchant"))
    token_hash = digest(TOKEN)
    last_seen_at = factory.LazyFunction(clock.now)


class PortalSessionFactory(DjangoModelFactory[PortalSession]):
    class Meta:
        model = PortalSession

    class Params:
        proved = factory.Trait(level=choices.PortalSession.Level.PROVED)

    order = factory.SubFactory(OrderFactory)
    store = factory.SelfAttribute("order.store")
    merchant = factory.SelfAttribute("order.merchant")
    level = choices.PortalSession.Level.SEARCH
    token_hash = digest(TOKEN)
    last_seen_at = factory.LazyFunction(clock.now)


class LoginCodeFactory(DjangoModelFactory[LoginCode]):
    """Not openable by a code: tests of the right code issue their own."""

    class Meta:
        model = LoginCode

    store = factory.SubFactory(StoreFactory)
    merchant = factory.SelfAttribute("store.merchant")
    email = "ana@shopper.example"
    code_hash = "0" * 64
    expires_at = factory.LazyFunction(lambda: clock.now() + timedelta(minutes=10))


class IdempotencyRecordFactory(DjangoModelFactory[IdempotencyRecord]):
    class Meta:
        model = IdempotencyRecord

    merchant = factory.SubFactory(MerchantFactory)
    environment = "live"
    family = "api_key"
    method = "POST"
    route = "v1/returns"
    key = factory.Sequence(lambda n: f"key-{n}")
    fingerprint = "0" * 64
    locked_until = factory.LazyFunction(clock.now)


class EvidenceFactory(DjangoModelFactory[Evidence]):
    class Meta:
        model = Evidence

    order = factory.SubFactory(OrderFactory)
    store = factory.SelfAttribute("order.store")
    merchant = factory.SelfAttribute("order.merchant")
    file = factory.django.FileField(data=b"jpeg", filename="photo.jpg")
    sha256 = "0" * 64
    size = 4
    width = 40
    height = 30


class LookupFailureFactory(DjangoModelFactory[LookupFailure]):
    class Meta:
        model = LookupFailure

    store = factory.SubFactory(StoreFactory)
    merchant = factory.SelfAttribute("store.merchant")
    number_hash = "0" * 64
    network = "192.0.2.0/24"


class ProofFactory(DjangoModelFactory[Proof]):
    """A decoy, as long as no session is given."""

    class Meta:
        model = Proof

    store = factory.SubFactory(StoreFactory)
    merchant = factory.SelfAttribute("store.merchant")
    language = "en"
    code_hash = "0" * 64
    expires_at = factory.LazyFunction(lambda: clock.now() + timedelta(minutes=10))
