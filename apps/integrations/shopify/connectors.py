"""Shopify, through its Admin GraphQL; each concern stands in a file of its own."""

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar, override

from apps.core import clock
from apps.core.money import Money
from apps.integrations import asking
from apps.integrations.choices import Capability
from apps.integrations.connectors import AbstractConnector, Declined, Secrets
from apps.integrations.dtos import OrderSnapshot, RefundOrder, RefundReceipt
from apps.integrations.payloads import Payload, text
from apps.integrations.returns_helper import ReturnsHelper
from apps.integrations.shopify import (
    answers,
    cards,
    exchanges,
    helpers,
    history,
    oauth,
    orders,
    refunds,
    returns,
    stock,
    store_credit,
    subscriptions,
)
from apps.integrations.shopify.client import Client
from apps.integrations.shopify.tokens import Tokens


class Connector(AbstractConnector):
    """`shop.domain` is the one that ends in myshopify.com."""

    platform: ClassVar[str] = "shopify"
    capabilities: ClassVar[frozenset[Capability]] = frozenset(Capability)
    helper: ClassVar[ReturnsHelper] = helpers.RETURNS

    def __init__(self, shop: asking.Shop, secrets: Secrets | None = None) -> None:
        super().__init__(shop, secrets)
        self.client = Client(shop.domain, Tokens(shop.domain, shop.secrets, secrets))

    @override
    @classmethod
    def connect(cls, domain: str, grant: Mapping[str, str]) -> asking.Connection:
        """`grant` is the query of Shopify's callback (`code`, `hmac`, ...), an `access_token`, or
        the `client_id` and `client_secret` of an app of the merchant's own."""
        name, at = oauth.domain_of(domain), clock.now()
        if "code" in grant:
            oauth.assert_from_shopify(grant, at)
            if grant.get("shop") != name:
                raise Declined("other_shop")
            secrets = oauth.from_code(name, grant["code"], at)
        elif grant.get("access_token"):
            secrets = {"access_token": grant["access_token"]}
            if grant.get("client_secret"):
                secrets["client_secret"] = grant["client_secret"]
                secrets["client_id"] = grant.get("client_id", "")
        elif grant.get("client_secret") and grant.get("client_id"):
            secrets = oauth.from_own_app(name, grant, at)
        else:
            raise Declined("grant_incomplete")
        shop = asking.Shop(store_id="", domain=name, currency="", secrets=secrets)
        return asking.Connection(facts=cls(shop).verify_credentials(), secrets=secrets)

    @override
    def verify_credentials(self) -> asking.ShopFacts:
        return answers.told(_facts, self.client.read("shop"))

    @override
    def fetch_order(self, order_id: str) -> OrderSnapshot | None:
        return orders.fetch(self.client, order_id)

    @override
    def changed_orders(self, since: datetime, cursor: str = "") -> asking.OrderPage:
        return orders.changed(self.client, since, cursor)

    @override
    def order_history(self, since: datetime, cursor: str = "") -> asking.OrderPage:
        return history.read(self.client, since, cursor, clock.now())

    @override
    def max_refundable(self, order_id: str, payment_id: str) -> Money:
        return refunds.max_refundable(self.client, order_id, payment_id)

    @override
    def calculate_refund(self, question: asking.RefundQuestion) -> asking.RefundSuggestion:
        return refunds.suggest(self.client, question)

    @override
    def create_refund(self, order: RefundOrder) -> RefundReceipt:
        return refunds.create(self.client, order)

    @override
    def find_refund(self, order: RefundOrder) -> RefundReceipt | None:
        return refunds.find(self.client, order)

    @override
    def open_return(self, order: asking.ReturnOrder) -> asking.PlatformReturn:
        return returns.open_one(self.client, order)

    @override
    def approve_return(self, return_id: str) -> asking.PlatformReturn:
        return returns.approve(self.client, return_id)

    @override
    def decline_return(self, return_id: str, reason: str) -> asking.PlatformReturn:
        return returns.decline(self.client, return_id, reason)

    @override
    def close_return(self, return_id: str) -> asking.PlatformReturn:
        return returns.close(self.client, return_id)

    def attach_label(self, return_id: str, tracking_number: str, label_url: str = "") -> str:
        """Of Shopify alone: the shop's staff see the parcel on its way. Its id there."""
        return returns.attach_label(self.client, return_id, tracking_number, label_url)

    @override
    def create_exchange_order(self, order: asking.ExchangeOrder) -> asking.PlacedOrder:
        return exchanges.place(self.client, order)

    @override
    def cancel_order(self, order_id: str, reason: str) -> None:
        exchanges.cancel(self.client, order_id, reason)

    @override
    def reserve_stock(self, move: asking.StockMove) -> None:
        stock.reserve(self.client, move)

    @override
    def restock(self, move: asking.StockMove) -> None:
        stock.restock(self.client, move)

    @override
    def list_variants(self, product_id: str = "", cursor: str = "") -> asking.VariantPage:
        return stock.variants(self.client, product_id, cursor)

    @override
    def create_credit(self, order: asking.CreditOrder) -> asking.PlatformCredit:
        on_account = store_credit.create(self.client, order, clock.now())
        return on_account or cards.create(self.client, order)

    @override
    def void_credit(self, credit_id: str) -> None:
        if store_credit.is_account(credit_id):
            store_credit.void(self.client, credit_id, clock.now())
        else:
            cards.void(self.client, credit_id)

    @override
    def add_note(self, order_id: str, text: str, tags: tuple[str, ...] = ()) -> None:
        exchanges.add_note(self.client, order_id, text, tags)

    @override
    def register_webhooks(self, url: str) -> tuple[asking.Subscription, ...]:
        return subscriptions.register(self.client, url)

    @override
    def check_webhooks(self, url: str) -> tuple[asking.Subscription, ...]:
        return subscriptions.check(self.client, url)

    @override
    def remove_webhooks(self, url: str) -> None:
        subscriptions.remove(self.client, url)

    @override
    def fulfilments(self, order_id: str) -> tuple[asking.FulfilmentFacts, ...]:
        return orders.fulfilments(self.client, order_id)


def _facts(data: Payload) -> asking.ShopFacts:
    shop = data["shop"]
    return asking.ShopFacts(
        name=str(shop["name"]),
        domain=str(shop["myshopifyDomain"]),
        currency=str(shop["currencyCode"]),
        time_zone=text(shop, "ianaTimezone"),
    )
