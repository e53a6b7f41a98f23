"""Merchants with their preferences, stores with theirs; everything in EUR, Spain."""

import factory
from factory.django import DjangoModelFactory

from apps.accounts import choices
from apps.accounts.models import (
    Customer,
    Location,
    Merchant,
    MerchantPreferences,
    Store,
    StorePreferences,
)

ADDRESS = {
    "name": "Almacén Norte",
    "street": "Calle Mayor 1",
    "city": "Bilbao",
    "postcode": "48001",
    "country": "ES",
}


class MerchantPreferencesFactory(DjangoModelFactory[MerchantPreferences]):
    class Meta:
        model = MerchantPreferences

    class Params:
        with_all_allowed_orders = factory.Trait(
            return_window_days=3650, exchange_window_days=3650, auto_approve=True
        )

    merchant = factory.SubFactory("apps.accounts.tests.factories.MerchantFactory", preferences=None)
    refund_methods = factory.LazyFunction(lambda: list(choices.Preferences.RefundMethod.values))


class MerchantFactory(DjangoModelFactory[Merchant]):
    class Meta:
        model = Merchant
        skip_postgeneration_save = True

    class Params:
        instant = factory.Trait(instant_enabled=True, exposure_cap_minor=1_000_000)

    name = factory.Sequence(lambda n: f"Merchant {n}")
    slug = factory.Sequence(lambda n: f"merchant-{n}")
    legal_name = factory.LazyAttribute(lambda merchant: f"{merchant.name} S.L.")
    tax_id = "B12345674"
    country = "ES"
    currency = "EUR"
    language = "en"
    preferences = factory.RelatedFactory(MerchantPreferencesFactory, "merchant")


class StorePreferencesFactory(DjangoModelFactory[StorePreferences]):
    class Meta:
        model = StorePreferences

    class Params:
        with_all_allowed_orders = factory.Trait(
            return_window_days=3650, exchange_window_days=3650, auto_approve=True
        )
        with_approval_by_hand = factory.Trait(auto_approve=False)
        with_proof_first = factory.Trait(proof_first=True)

    store = factory.SubFactory("apps.accounts.tests.factories.StoreFactory", preferences=None)
    merchant = factory.SelfAttribute("store.merchant")
    refund_methods = factory.LazyFunction(lambda: list(choices.Preferences.RefundMethod.values))


class StoreFactory(DjangoModelFactory[Store]):
    """`StoreFactory.create(preferences__with_all_allowed_orders=True)`."""

    class Meta:
        model = Store
        skip_postgeneration_save = True

    merchant = factory.SubFactory(MerchantFactory)
    name = factory.Sequence(lambda n: f"Store {n}")
    slug = factory.Sequence(lambda n: f"store-{n}")
    currency = factory.SelfAttribute("merchant.currency")
    languages = factory.LazyFunction(lambda: ["es", "en"])
    preferences = factory.RelatedFactory(StorePreferencesFactory, "store")


class CustomerFactory(DjangoModelFactory[Customer]):
    class Meta:
        model = Customer

    merchant = factory.SubFactory(MerchantFactory)
    email = factory.Sequence(lambda n: f"ana-{n}@shopper.example")
    name = factory.Sequence(lambda n: f"Ana {n}")
    language = "es"


class LocationFactory(DjangoModelFactory[Location]):
    class Meta:
        model = Location

    merchant = factory.SubFactory(MerchantFactory)
    name = factory.Sequence(lambda n: f"Warehouse {n}")
    address = factory.LazyFunction(lambda: dict(ADDRESS))
