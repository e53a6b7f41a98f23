"""Shoppers who take an instant refund over the portal's host, for fault tests."""

from collections.abc import Callable

from apps.accounts.models import Store
from apps.accounts.tests.factories import StoreFactory
from apps.api import choices
from apps.api.models import PortalSession
from apps.core import clock
from apps.deliveries.tests.factories import ReturnMethodFactory
from apps.orders.models import Order
from apps.orders.modules.advances.consent import VERSION
from apps.orders.tests.factories import OrderFactory
from apps.underwriting.modules.defaults import BUILT_IN
from apps.underwriting.modules.terms import terms_json
from apps.underwriting.tests.factories import UnderwritingPolicyFactory
from faults.client import Client, Reply
from faults.world import World, new_key

# 40.00 go out, less 4.95 for the way back.
LINE = {"unit_price_minor": 4000, "quantity": 1}


def pay_at_once(most_at_an_address: int) -> None:
    """Everybody is paid before the goods are seen; so many advances may be open at one address."""
    terms = terms_json(BUILT_IN)
    terms["steps"] = [{"up_to": 1000, "rung": "pay_now", "percent": 100}]
    for sums in terms["sums"].values():
        sums["caps"]["address"] = {"amount": "100000", "count": most_at_an_address}
    UnderwritingPolicyFactory.create(published=True, terms=terms)


def shop() -> Store:
    """Of a merchant of its own."""
    store: Store = StoreFactory.create(
        merchant__instant=True,
        merchant__exposure_cap_minor=100_000_000,
        preferences__refund_methods=["original", "store_credit"],
    )
    ReturnMethodFactory.create(
        store=store, code="shop", merchant_label=True, price__price_minor=495
    )
    return store


def order_at(store: Store) -> Order:
    """Another shopper each time, at the same address."""
    order: Order = OrderFactory.create(store=store, lines=[LINE])
    return order


def quoted(world: World, order: Order) -> Callable[[], Reply]:
    """The offer of store credit is there; what it returns takes it, under one key."""
    _, token = PortalSession.open(order, choices.PortalSession.Level.PROVED, clock.now())
    shopper = Client(world.rig.web().port, "returns-api", {"Authorization": f"Bearer {token}"})
    path, line = f"/v1/stores/{order.store.slug}", str(order.lines.get().pk)
    wanted = {"units": [{"line": line, "quantity": 1}], "method": "shop"}
    quote = shopper.post(f"{path}/quotes", wanted)
    if quote.status != 201:
        raise AssertionError(quote.body)
    body = {
        "quote": quote.body["id"],
        "refund_method": "store_credit",
        "instant": True,
        "consent_version": VERSION,
    }
    key = new_key()
    return lambda: shopper.post(f"{path}/returns", body, key=key)
