"""A shop of the merchant's own, which implements the contract of docs/custom-platform.md."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, ClassVar, override
from urllib.parse import urlsplit

from apps.core.http import Unreadable
from apps.core.money import Money
from apps.integrations import asking, choices, signing
from apps.integrations.choices import Capability
from apps.integrations.connectors import AbstractConnector, Declined
from apps.integrations.custom import mappers
from apps.integrations.custom.choices import CALLS, TOPICS
from apps.integrations.custom.client import PEER, Client, Missing
from apps.integrations.custom.helpers import CustomReturns
from apps.integrations.custom.reading import after_effect, each, flag, money, name, shaped
from apps.integrations.dtos import OrderSnapshot, RefundOrder, RefundReceipt

type Told = Mapping[str, Any]
LONGEST_URL = 500


class Connector(AbstractConnector):
    platform: ClassVar[str] = "custom"
    capabilities: ClassVar[frozenset[Capability]] = frozenset(Capability)
    helper: ClassVar[CustomReturns] = CustomReturns()

    @property
    @override
    def offers(self) -> frozenset[Capability]:
        """What the shop said of itself when it was connected."""
        told = self.shop.secrets.get("capabilities", "").split(",")
        return frozenset(each for each in Capability if each in told)

    @override
    def why(self, capability: Capability) -> str:
        return "" if capability in self.offers else "The shop did not offer it when connected"

    @classmethod
    @override
    def connect(cls, domain: str, grant: Mapping[str, str]) -> asking.Connection:
        """`grant` has `url`, one address that takes every call, and `secret`, which signs them."""
        url, secret = grant.get("url", ""), grant.get("secret", "")
        if len(url) > LONGEST_URL or not urlsplit(url).hostname:
            raise Declined("url_malformed")
        if signing.key_of(secret) is None:
            raise Declined("secret_malformed")
        told = _client(url, secret).ask("shop.get", {})
        secrets = {
            "url": url,
            "secret": secret,
            "webhook_secret": signing.new_secret(),
            "capabilities": mappers.capabilities(told),
        }
        return asking.Connection(facts=mappers.shop_facts(told), secrets=secrets)

    @override
    def verify_credentials(self) -> asking.ShopFacts:
        return mappers.shop_facts(self._client.ask("shop.get", {}))

    @override
    def fetch_order(self, order_id: str) -> OrderSnapshot | None:
        try:
            told = self._ask("order.get", {"order_id": order_id})
        except Missing:
            return None
        with shaped("order"):
            return mappers.order_snapshot(told["order"])

    @override
    def changed_orders(self, since: datetime, cursor: str = "") -> asking.OrderPage:
        asked = {"since": since.isoformat(), "cursor": cursor}
        return mappers.order_page(self._ask("orders.changed", asked))

    @override
    def max_refundable(self, order_id: str, payment_id: str) -> Money:
        told = self._ask("refund.maximum", {"order_id": order_id, "payment_id": payment_id})
        with shaped("maximum"):
            return money(told["amount"])

    @override
    def calculate_refund(self, question: asking.RefundQuestion) -> asking.RefundSuggestion:
        asked = {
            "order_id": question.order_id,
            "lines": mappers.units(question.lines),
            "with_shipping": question.with_shipping,
        }
        told = self._ask("refund.suggest", asked)
        with shaped("suggestion"):
            return asking.RefundSuggestion(
                amount=money(told["amount"]),
                tax=money(told["tax"]),
                shipping=money(told["shipping"]),
            )

    @override
    def create_refund(self, order: RefundOrder) -> RefundReceipt:
        asked = {
            "order_id": order.order_id,
            "payment_id": order.payment_id,
            "amount": order.amount.as_json(),
            "lines": mappers.units(order.lines),
            "note": order.note,
        }
        return _receipt(self._make("refund.create", asked, order.reference))

    @override
    def find_refund(self, order: RefundOrder) -> RefundReceipt | None:
        asked = {"order_id": order.order_id, "reference": order.reference}
        try:
            told = self._ask("refund.find", asked)
        except Missing:
            return None
        return _receipt(told)

    @override
    def open_return(self, order: asking.ReturnOrder) -> asking.PlatformReturn:
        asked = {
            "order_id": order.order_id,
            "lines": mappers.units(order.lines),
            "note": order.note,
            "is_request": order.is_request,
        }
        return _return(self._make("return.open", asked, order.reference))

    @override
    def approve_return(self, return_id: str) -> asking.PlatformReturn:
        return _return(self._ask("return.approve", {"return_id": return_id}))

    @override
    def decline_return(self, return_id: str, reason: str) -> asking.PlatformReturn:
        asked = {"return_id": return_id, "reason": reason}
        return _return(self._ask("return.decline", asked))

    @override
    def close_return(self, return_id: str) -> asking.PlatformReturn:
        return _return(self._ask("return.close", {"return_id": return_id}))

    @override
    def create_exchange_order(self, order: asking.ExchangeOrder) -> asking.PlacedOrder:
        told = self._make("exchange.create", mappers.exchange(order), order.reference)
        with after_effect("exchange.create"):
            placed = told["order"]
            return asking.PlacedOrder(id=name(placed, "id"), number=name(placed, "number"))

    @override
    def cancel_order(self, order_id: str, reason: str) -> None:
        self._ask("order.cancel", {"order_id": order_id, "reason": reason})

    @override
    def reserve_stock(self, move: asking.StockMove) -> None:
        self._move("stock.reserve", move)

    @override
    def restock(self, move: asking.StockMove) -> None:
        self._move("stock.restock", move)

    @override
    def list_variants(self, product_id: str = "", cursor: str = "") -> asking.VariantPage:
        told = self._ask("variants.list", {"product_id": product_id, "cursor": cursor})
        with shaped("variants"):
            found = tuple(mappers.variant(one) for one in _all(told, "variants"))
            return asking.VariantPage(variants=found, cursor=str(told.get("cursor") or ""))

    @override
    def create_credit(self, order: asking.CreditOrder) -> asking.PlatformCredit:
        asked = {
            "amount": order.amount.as_json(),
            "customer_id": order.customer_id,
            "email": order.email,
            "expires_at": order.expires_at.isoformat() if order.expires_at else None,
        }
        told = self._make("credit.create", asked, order.reference)
        with after_effect("credit.create"):
            made = told["credit"]
            return asking.PlatformCredit(
                id=name(made, "id"), amount=money(made["amount"]), code=str(made.get("code") or "")
            )

    @override
    def void_credit(self, credit_id: str) -> None:
        self._ask("credit.void", {"credit_id": credit_id})

    @override
    def add_note(self, order_id: str, text: str, tags: tuple[str, ...] = ()) -> None:
        self._ask("order.note", {"order_id": order_id, "text": text, "tags": [*tags]})

    @override
    def register_webhooks(self, url: str) -> tuple[asking.Subscription, ...]:
        """The shop is given the secret to sign with each time, so that a lost one heals."""
        asked = {"url": url, "topics": [*TOPICS], "secret": self.shop.secrets["webhook_secret"]}
        return _subscriptions(self._ask("webhooks.register", asked))

    @override
    def check_webhooks(self, url: str) -> tuple[asking.Subscription, ...]:
        return _subscriptions(self._ask("webhooks.list", {"url": url}))

    @override
    def remove_webhooks(self, url: str) -> None:
        self._ask("webhooks.remove", {"url": url})

    @override
    def fulfilments(self, order_id: str) -> tuple[asking.FulfilmentFacts, ...]:
        told = self._ask("fulfilments.list", {"order_id": order_id})
        with shaped("fulfilments"):
            return tuple(mappers.fulfilment(one) for one in _all(told, "fulfilments"))

    @property
    def _client(self) -> Client:
        return _client(self.shop.secrets["url"], self.shop.secrets["secret"])

    def _ask(self, kind: str, data: Told, reference: str = "") -> Told:
        """Raises NotOffered, without a call, for what the shop did not offer."""
        if CALLS[kind] not in self.offers:
            raise self.refuse(CALLS[kind])
        return self._client.ask(kind, data, reference)

    def _make(self, kind: str, data: Told, reference: str) -> Told:
        """Done once for each reference, which goes with the data and makes the call's id."""
        return self._ask(kind, {**data, "reference": reference}, reference)

    def _move(self, kind: str, move: asking.StockMove) -> None:
        asked = {
            "variant_id": move.variant_id,
            "quantity": move.quantity,
            "location_id": move.location_id,
            "order_id": move.order_id,
        }
        self._make(kind, asked, move.reference)


def _client(url: str, secret: str) -> Client:
    """Raises Declined for an address without TLS."""
    try:
        return Client(url, secret)
    except ValueError:
        raise Declined("url_not_https") from None


def _receipt(told: Told) -> RefundReceipt:
    with after_effect("refund"):
        refund = told["refund"]
        is_done, has_failed = flag(refund, "is_done", True), flag(refund, "has_failed", False)
        receipt = RefundReceipt(
            id=name(refund, "id"), amount=money(refund["amount"]), is_done=is_done
        )
    if has_failed:
        raise Declined("refund_failed")
    return receipt


def _return(told: Told) -> asking.PlatformReturn:
    with after_effect("return"):
        ret = told["return"]
        return asking.PlatformReturn(
            id=name(ret, "id"), status=choices.Return.Status(ret["status"])
        )


def _subscriptions(told: Told) -> tuple[asking.Subscription, ...]:
    with shaped("webhooks"):
        return tuple(mappers.subscription(one) for one in _all(told, "webhooks"))


def _all(told: Told, key: str) -> Iterable[Told]:
    """A list that has to be there, however empty."""
    if key not in told:
        raise Unreadable(PEER, f"no {key} in the answer")
    return each(told, key)
