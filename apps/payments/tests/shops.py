"""A store that is connected to the fake of the platform `custom`, and credit as it stands there."""

from typing import Any

from apps.accounts.models import Store
from apps.accounts.tests.factories import StoreFactory
from apps.integrations.custom.connectors import Connector
from apps.payments.gateways.shop_credit.models import ShopCreditRefund
from apps.payments.models import Payment
from fakes.custom.vendor import PATH, SECRET
from fakes.shops.control import FakeShop


def tied(store: Store, shop: FakeShop) -> Store:
    made = Connector.connect("shop.example", {"url": shop.address + PATH, "secret": SECRET})
    store.connect("custom", made.facts.domain, made.secrets)
    return store


def connected_store(shop: FakeShop, **facts: Any) -> Store:
    store: Store = StoreFactory.create(platform="custom", **facts)
    return tied(store, shop)


def standing(shop: FakeShop) -> list[tuple[int, int]]:
    """Of each credit at the shop what was given and what is left."""
    return [(row["amount"], row["balance"]) for row in shop.rows("credits")]


def read(payment: Payment) -> ShopCreditRefund:
    return ShopCreditRefund.objects.get(pk=payment.pk)
