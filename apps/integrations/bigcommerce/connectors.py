"""BigCommerce by a store-level API account: orders of v2, refunds, stock and webhooks of v3."""

import hashlib
import hmac
from base64 import b32encode
from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, override

from apps.integrations import asking
from apps.integrations.bigcommerce import choices, goods, mappers, refunding
from apps.integrations.bigcommerce.client import PEER, Client, Missing
from apps.integrations.bigcommerce.helpers import BigReturnsHelper
from apps.integrations.choices import Capability
from apps.integrations.connectors import Declined, Secrets
from apps.integrations.dtos import OrderSnapshot, RefundOrder, RefundReceipt
from apps.integrations.mixins.refundable import RefundableByTendersMixin
from apps.integrations.mixins.refusing import NoReservationsMixin, NoReturnsMixin
from apps.integrations.payloads import text as text_of
from apps.integrations.reading import effect, order_page, plain, rounded, segment, shaped
from apps.integrations.returns_helper import ReturnsHelper

# Each order of a page costs two calls of a quota of 150 in 30 s, which other apps share.
PAGE = 25


class Connector(RefundableByTendersMixin, NoReturnsMixin, NoReservationsMixin):
    platform: ClassVar[str] = "bigcommerce"
    why_not: ClassVar[Mapping[Capability, str]] = {
        Capability.RETURNS: choices.NO_RETURNS,
        Capability.RETURN_REQUESTS: choices.NO_RETURNS,
        Capability.RESERVATIONS: "BigCommerce holds stock for its own checkout only",
    }
    capabilities: ClassVar[frozenset[Capability]] = frozenset(Capability) - frozenset(why_not)
    helper: ClassVar[ReturnsHelper] = BigReturnsHelper()

    def __init__(self, shop: asking.Shop, secrets: Secrets | None = None) -> None:
        super().__init__(shop, secrets)
        kept = shop.secrets
        self._client = Client(kept.get("store_hash", ""), kept.get("access_token", ""))

    @classmethod
    @override
    def connect(cls, domain: str, grant: Mapping[str, str]) -> asking.Connection:
        """`grant` has `store_hash`, `access_token` and the `client_secret` that signs webhooks."""
        names = ("store_hash", "access_token", "client_secret")
        kept = {name: grant.get(name, "") for name in names}
        if not all(kept.values()):
            raise Declined("credentials_incomplete")
        shop = asking.Shop(store_id="", domain=domain, currency="", secrets=kept)
        return asking.Connection(facts=cls(shop).verify_credentials(), secrets=kept)

    @override
    def verify_credentials(self) -> asking.ShopFacts:
        store = self._client.get("v2/store")
        with shaped("store"):
            return asking.ShopFacts(
                name=str(store["name"]),
                domain=str(store["domain"]),
                currency=str(store["currency"]),
                time_zone=text_of(store.get("timezone") or {}, "name"),
            )

    @override
    def fetch_order(self, order_id: str) -> OrderSnapshot | None:
        try:
            file = self._file(self._client.get(_order(order_id)))
        except Missing:
            return None
        with shaped("order"):
            return mappers.order_snapshot(file)

    @override
    def changed_orders(self, since: datetime, cursor: str = "") -> asking.OrderPage:
        """By the last change seen, so that an order that changes meanwhile moves no page."""
        start, _, number = cursor.partition("|")
        asked, page = start or mappers.second_before(since), int(number or 1)
        found = self._client.listed(
            "v2/orders",
            {
                "min_date_modified": asked,
                "sort": "date_modified:asc",
                "page": str(page),
                "limit": str(PAGE),
            },
        )
        with shaped("order"):
            following = mappers.following(found[-1], asked, page) if found[PAGE - 1 :] else ""
        return order_page(found, lambda order: mappers.order_snapshot(self._file(order)), following)

    @override
    def calculate_refund(self, question: asking.RefundQuestion) -> asking.RefundSuggestion:
        path = f"{_order(question.order_id)}/shipping_addresses"
        shipping = list(self._client.all(path)) if question.with_shipping else []
        return refunding.suggestion(self._client, question, shipping)

    @override
    def create_refund(self, order: RefundOrder) -> RefundReceipt:
        return refunding.create(self._client, order)

    @override
    def find_refund(self, order: RefundOrder) -> RefundReceipt | None:
        return refunding.find(self._client, order)

    @override
    def create_exchange_order(self, order: asking.ExchangeOrder) -> asking.PlacedOrder:
        for each in self._client.all("v2/orders", {"external_order_id": order.reference}):
            if text_of(each, "external_id") == order.reference:
                return asking.PlacedOrder(id=str(each["id"]), number=str(each["id"]))
        origin = self._client.get(_order(order.origin_id))
        lines = goods.wanted_lines(self._client, order.lines)
        where = mappers.address(order)
        is_paid = order.is_paid
        body = {
            "customer_id": origin.get("customer_id") or 0,
            "status_id": choices.AWAITING_FULFILMENT if is_paid else choices.AWAITING_PAYMENT,
            "billing_address": where,
            "shipping_addresses": [where],
            "products": lines,
            "external_id": order.reference,
            "external_order_id": order.reference,
            "staff_notes": f"Exchange for order {order.origin_id}",
        }
        made = self._client.post("v2/orders", body)
        with effect(PEER):
            return asking.PlacedOrder(id=str(made["id"]), number=str(made["id"]))

    @override
    def cancel_order(self, order_id: str, reason: str) -> None:
        order = self._client.get(_order(order_id))
        with shaped("order"):
            status, sent = order["status_id"], int(order["items_shipped"])
        if status == choices.CANCELLED:
            return
        if sent or status in (choices.SHIPPED, choices.PARTIALLY_SHIPPED, choices.COMPLETED):
            raise Declined("already_sent")
        self._client.put(_order(order_id), {"status_id": choices.CANCELLED})
        self.add_note(order_id, reason)

    @override
    def restock(self, move: asking.StockMove) -> None:
        goods.put_back(self._client, move)

    @override
    def list_variants(self, product_id: str = "", cursor: str = "") -> asking.VariantPage:
        return goods.page_of(self._client, product_id, cursor, self.shop.currency)

    @override
    def create_credit(self, order: asking.CreditOrder) -> asking.PlatformCredit:
        """A gift certificate: store credit is one absolute balance, in which nothing of ours
        could be told apart. The same reference has the same code, which nobody can guess."""
        code = self._code_for(order.reference)
        found = self._client.listed("v2/gift_certificates", {"code": code})
        amount = plain(order.amount)
        made = (
            found[0]
            if found
            else self._client.post(
                "v2/gift_certificates",
                {
                    "to_name": order.email,
                    "to_email": order.email,
                    "from_name": self.shop.domain,
                    "from_email": order.email,
                    "amount": amount,
                    "balance": amount,
                    "code": code,
                    "status": "active",
                    "currency_code": order.amount.currency,
                    "expiry_date": order.expires_at
                    and order.expires_at.strftime("%a, %d %b %Y %T %z"),
                },
            )
        )
        with effect(PEER):
            given = rounded(made, "amount", order.amount.currency)
            return asking.PlatformCredit(id=str(made["id"]), amount=given, code=code)

    def _code_for(self, reference: str) -> str:
        """Twenty characters are the most."""
        key = self.shop.secrets["client_secret"].encode()
        digest = hmac.digest(key, b"certificate:" + reference.encode(), hashlib.sha256)
        return b32encode(digest).decode()[:16]

    @override
    def void_credit(self, credit_id: str) -> None:
        path = f"v2/gift_certificates/{segment(credit_id)}"
        try:
            certificate = self._client.get(path)
        except Missing:
            return
        with shaped("gift_certificate"):
            status, names = certificate["status"], ("amount", "balance")
            amount, balance = (rounded(certificate, name, self.shop.currency) for name in names)
        if status == "disabled":
            return
        if balance != amount:
            raise Declined("credit_used")
        self._client.put(path, {"status": "disabled"})

    @override
    def add_note(self, order_id: str, text: str, tags: tuple[str, ...] = ()) -> None:
        """The staff's notes are one text: what is written meanwhile by somebody else is lost."""
        kept = text_of(self._client.get(_order(order_id)), "staff_notes")
        words = " ".join(each for each in (text, *(f"#{tag}" for tag in tags)) if each)
        notes = "\n".join(each for each in (kept, words) if each)
        self._client.put(_order(order_id), {"staff_notes": notes})

    @override
    def register_webhooks(self, url: str) -> tuple[asking.Subscription, ...]:
        """After two days of failures a hook is switched off: it is switched on again."""
        known = {each.topic: each for each in self.check_webhooks(url)}
        for scope in choices.SCOPES:
            body: dict[str, Any] = {"scope": scope, "destination": url, "is_active": True}
            if scope not in known:
                self._client.post("v3/hooks", body)
            elif not known[scope].is_active:
                self._client.put(f"v3/hooks/{segment(known[scope].id)}", body)
        return self.check_webhooks(url)

    @override
    def check_webhooks(self, url: str) -> tuple[asking.Subscription, ...]:
        hooks = list(self._client.all("v3/hooks"))
        with shaped("hook"):
            ours = (mappers.subscription(each) for each in hooks)
            return tuple(each for each in ours if each.url == url)

    @override
    def remove_webhooks(self, url: str) -> None:
        for each in self.check_webhooks(url):
            self._client.delete(f"v3/hooks/{segment(each.id)}")

    @override
    def fulfilments(self, order_id: str) -> tuple[asking.FulfilmentFacts, ...]:
        shipments = list(self._client.all(f"{_order(order_id)}/shipments"))
        with shaped("shipment"):
            return tuple(mappers.fulfilment(each) for each in shipments)

    def _file(self, order: Mapping[str, Any]) -> mappers.OrderFile:
        with shaped("order"):
            order_id = str(order["id"])
        path = _order(order_id)
        return mappers.OrderFile(
            order=order,
            products=list(self._client.all(f"{path}/products")),
            addresses=list(self._client.all(f"{path}/shipping_addresses")),
            refunds=refunding.made(self._client, order_id),
        )


def _order(order_id: str) -> str:
    return f"v2/orders/{segment(order_id)}"
