"""WooCommerce: orders, refunds, coupons and stock by REST; returns are kept on our side only."""

import hashlib
import hmac
import secrets
from base64 import b32encode
from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, override

from apps.core.money import Money
from apps.integrations import asking, payloads
from apps.integrations.choices import Capability
from apps.integrations.connectors import AccessLost, Declined, Secrets
from apps.integrations.dtos import OrderSnapshot, RefundOrder, RefundReceipt
from apps.integrations.mixins.refundable import RefundableByTendersMixin
from apps.integrations.mixins.refusing import (
    NoReservationsMixin,
    NoReturnsMixin,
    NoSuggestionsMixin,
)
from apps.integrations.mixins.shelf import Goods, ShelfMixin
from apps.integrations.payloads import Payload
from apps.integrations.reading import effect, order_page, segment, shaped
from apps.integrations.returns_helper import ReturnsHelper
from apps.integrations.woocommerce import goods, mappers, refunding
from apps.integrations.woocommerce.choices import COUPON_KNOWN, REFERENCE, TOPICS
from apps.integrations.woocommerce.client import MOST, PEER, Client, Missing
from apps.integrations.woocommerce.helpers import WooReturnsHelper

NO_RETURNS = "WooCommerce has no returns of its own: they stay here"
SENT = frozenset({"completed"})
FINAL = frozenset({"refunded", "failed", "trash"})


class Connector(
    RefundableByTendersMixin, ShelfMixin, NoReturnsMixin, NoReservationsMixin, NoSuggestionsMixin
):
    platform: ClassVar[str] = "woocommerce"
    why_not: ClassVar[Mapping[Capability, str]] = {
        Capability.SUGGESTIONS: "WooCommerce has no call that works a refund out",
        Capability.RETURNS: NO_RETURNS,
        Capability.RETURN_REQUESTS: NO_RETURNS,
        Capability.RESERVATIONS: "WooCommerce holds stock for its own checkout only",
    }
    capabilities: ClassVar[frozenset[Capability]] = frozenset(Capability) - frozenset(why_not)
    helper: ClassVar[ReturnsHelper] = WooReturnsHelper()
    shelf: ClassVar[Goods] = goods

    def __init__(self, shop: asking.Shop, secrets: Secrets | None = None) -> None:
        super().__init__(shop, secrets)
        kept = shop.secrets
        self._client = Client(
            shop.domain,
            kept.get("consumer_key", ""),
            kept.get("consumer_secret", ""),
            in_query=kept.get("auth") == "query",
        )

    @classmethod
    @override
    def connect(cls, domain: str, grant: Mapping[str, str]) -> asking.Connection:
        """`grant` has `consumer_key` and `consumer_secret`, typed or sent by the shop itself.

        The keys go into the address for servers that drop the Authorization header.
        """
        if grant.get("key_permissions", "read_write") != "read_write":
            raise Declined("key_is_read_only")
        kept = {
            "consumer_key": grant.get("consumer_key", ""),
            "consumer_secret": grant.get("consumer_secret", ""),
            # The shop would derive one of its own, which nobody is told.
            "webhook_secret": secrets.token_urlsafe(32),
        }
        try:
            return cls._opened(domain, kept)
        except AccessLost:
            return cls._opened(domain, {**kept, "auth": "query"})

    @classmethod
    def _opened(cls, domain: str, kept: Mapping[str, str]) -> asking.Connection:
        shop = asking.Shop(store_id="", domain=domain, currency="", secrets=kept)
        return asking.Connection(facts=cls(shop).verify_credentials(), secrets=kept)

    @override
    def verify_credentials(self) -> asking.ShopFacts:
        currency, site = self._client.get("data/currencies/current"), self._client.index()
        with shaped("shop"):
            return asking.ShopFacts(
                name=str(site["name"]),
                domain=self.shop.domain,
                currency=str(currency["code"]),
                time_zone=payloads.text(site, "timezone_string"),
            )

    @override
    def fetch_order(self, order_id: str) -> OrderSnapshot | None:
        try:
            found = self._client.get(f"orders/{segment(order_id)}")
        except Missing:
            return None
        with shaped("order"):
            return self._snapshot(found)

    @override
    def changed_orders(self, since: datetime, cursor: str = "") -> asking.OrderPage:
        """By the last change seen rather than by page, so that an order that changes meanwhile
        pushes no other over the edge of a page."""
        start, _, page = cursor.partition("|")
        after = mappers.second_before(payloads.moment(start) if start else since)
        found = self._client.listed(
            "orders",
            modified_after=after,
            dates_are_gmt="true",
            orderby="modified",
            order="asc",
            status="any",
            page=page or "1",
            per_page=str(MOST),
        )
        with shaped("order"):
            following = mappers.following(found, after, int(page or 1)) if found[MOST - 1 :] else ""
        return order_page(found, self._snapshot, following)

    def _snapshot(self, order: Payload) -> OrderSnapshot:
        """Its refunds are asked for where it has some: the order itself names only their sums."""
        path = f"orders/{segment(str(order['id']))}/refunds"
        return mappers.order_snapshot(order, self._client.all(path) if order.get("refunds") else ())

    @override
    def create_refund(self, order: RefundOrder) -> RefundReceipt:
        return refunding.create(self._client, order)

    @override
    def find_refund(self, order: RefundOrder) -> RefundReceipt | None:
        return refunding.find(self._client, order)

    @override
    def create_exchange_order(self, order: asking.ExchangeOrder) -> asking.PlacedOrder:
        """A child of the order that was bought: the children are looked through first."""
        for each in self._client.all("orders", parent=order.origin_id, status="any"):
            with shaped("order"):
                if order.reference in mappers.meta(each, REFERENCE):
                    return mappers.placed(each)
        lines = list(goods.wanted_lines(self._client, order.lines))
        made = self._client.post("orders", mappers.exchange(order, lines))
        with effect(PEER):
            return mappers.placed(made)

    @override
    def cancel_order(self, order_id: str, reason: str) -> None:
        order = self._client.get(f"orders/{segment(order_id)}")
        with shaped("order"):
            status = order["status"]
        if status == "cancelled":
            return
        if status in SENT:
            raise Declined("already_sent")
        if status in FINAL:
            raise Declined(f"order_is_{status}")
        self._client.put(f"orders/{segment(order_id)}", {"status": "cancelled"})
        self.add_note(order_id, reason)

    @override
    def create_credit(self, order: asking.CreditOrder) -> asking.PlatformCredit:
        """A coupon for one basket: what that basket leaves of it is lost. Nobody can guess its
        code, and the same reference always has the same one."""
        if order.amount.currency != self.shop.currency:
            raise Declined("wrong_currency")
        body = mappers.coupon(order, self._code_for(order.reference))
        try:
            made = self._client.post("coupons", body)
        except Declined as declined:
            if declined.code != COUPON_KNOWN:
                raise
            (made,) = self._client.listed("coupons", code=body["code"])
        with effect(PEER):
            amount = Money.of(str(made["amount"]), self.shop.currency)
            return asking.PlatformCredit(id=str(made["id"]), amount=amount, code=made["code"])

    def _code_for(self, reference: str) -> str:
        key = self.shop.secrets["webhook_secret"].encode()
        digest = hmac.digest(key, b"coupon:" + reference.encode(), hashlib.sha256)
        return b32encode(digest).decode()[:16].lower()

    @override
    def void_credit(self, credit_id: str) -> None:
        try:
            coupon = self._client.get(f"coupons/{segment(credit_id)}")
            with shaped("coupon"):
                if int(coupon["usage_count"]) > 0:
                    raise Declined("credit_used")
            self._client.delete(f"coupons/{segment(credit_id)}")
        except Missing:
            return

    @override
    def add_note(self, order_id: str, text: str, tags: tuple[str, ...] = ()) -> None:
        if text:
            self._client.post(
                f"orders/{segment(order_id)}/notes", {"note": text, "customer_note": False}
            )
        if tags:
            order = self._client.get(f"orders/{segment(order_id)}")
            with shaped("order"):
                body = mappers.with_tags(order, tags)
            self._client.put(f"orders/{segment(order_id)}", body)

    @override
    def register_webhooks(self, url: str) -> tuple[asking.Subscription, ...]:
        """A webhook is switched off by its sixth failure in a row: it is switched on again."""
        secret = self.shop.secrets["webhook_secret"]
        known = {each.topic: each for each in self.check_webhooks(url)}
        for topic in TOPICS:
            body: dict[str, Any] = {"secret": secret, "status": "active"}
            if topic not in known:
                names = {"name": f"Returns: {topic}", "topic": topic, "delivery_url": url}
                self._client.post("webhooks", {**names, **body})
            elif not known[topic].is_active:
                self._client.put(f"webhooks/{segment(known[topic].id)}", body)
        return self.check_webhooks(url)

    @override
    def check_webhooks(self, url: str) -> tuple[asking.Subscription, ...]:
        hooks = list(self._client.all("webhooks", status="all"))
        with shaped("webhook"):
            ours = (mappers.subscription(each) for each in hooks)
            return tuple(each for each in ours if each.url == url)

    @override
    def remove_webhooks(self, url: str) -> None:
        for each in self.check_webhooks(url):
            self._client.delete(f"webhooks/{segment(each.id)}")

    @override
    def fulfilments(self, order_id: str) -> tuple[asking.FulfilmentFacts, ...]:
        order = self._client.get(f"orders/{segment(order_id)}")
        with shaped("order"):
            return mappers.fulfilments(order)
