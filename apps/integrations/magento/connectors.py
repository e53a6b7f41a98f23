"""Magento 2 and Adobe Commerce: orders are polled, refunds go through an invoice's gateway."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar, override

from apps.core.money import Money
from apps.integrations import asking
from apps.integrations.choices import Capability
from apps.integrations.connectors import Declined, Secrets
from apps.integrations.dtos import OrderSnapshot, RefundOrder, RefundReceipt
from apps.integrations.magento import choices, coupons, goods, mappers, notes, refunding
from apps.integrations.magento.client import Client, Filter, Missing
from apps.integrations.magento.helpers import MagentoReturnsHelper
from apps.integrations.mixins.refusing import (
    NoExchangesMixin,
    NoReservationsMixin,
    NoReturnsMixin,
    NoSuggestionsMixin,
    NoWebhooksMixin,
)
from apps.integrations.mixins.shelf import Goods, ShelfMixin
from apps.integrations.payloads import text
from apps.integrations.reading import order_page, segment, shaped
from apps.integrations.returns_helper import ReturnsHelper

PAGE = 50
SECRETS = ("consumer_key", "consumer_secret", "access_token", "access_token_secret", "store_code")


class Connector(
    ShelfMixin,
    NoExchangesMixin,
    NoReservationsMixin,
    NoReturnsMixin,
    NoSuggestionsMixin,
    NoWebhooksMixin,
):
    platform: ClassVar[str] = "magento"
    why_not: ClassVar[Mapping[Capability, str]] = {
        Capability.SUGGESTIONS: choices.NO_SUGGESTIONS,
        Capability.RETURNS: choices.NO_RETURNS,
        Capability.RETURN_REQUESTS: choices.NO_RETURNS,
        Capability.EXCHANGES: choices.NO_EXCHANGES,
        Capability.RESERVATIONS: choices.NO_RESERVATIONS,
        Capability.WEBHOOKS: choices.NO_WEBHOOKS,
    }
    capabilities: ClassVar[frozenset[Capability]] = frozenset(Capability) - frozenset(why_not)
    helper: ClassVar[ReturnsHelper] = MagentoReturnsHelper()
    shelf: ClassVar[Goods] = goods

    def __init__(self, shop: asking.Shop, secrets: Secrets | None = None) -> None:
        super().__init__(shop, secrets)
        self._client = Client(shop.domain, shop.secrets)

    @classmethod
    @override
    def connect(cls, domain: str, grant: Mapping[str, str]) -> asking.Connection:
        """`grant` has the four secrets of an integration, and `store_code` where several store
        views are to be stores of their own."""
        given = {name: grant[name] for name in SECRETS if grant.get(name)}
        kept = {**given, "voucher_secret": secrets.token_urlsafe(32)}
        shop = asking.Shop(store_id="", domain=domain, currency="", secrets=kept)
        return asking.Connection(facts=cls(shop).verify_credentials(), secrets=kept)

    @override
    def verify_credentials(self) -> asking.ShopFacts:
        view = self._view
        # Secrets that open no orders are of no use.
        self._client.page("orders", [], page=1, size=1)
        names = self._client.get("store/storeViews")
        with shaped("shop"):
            name = next((text(each, "name") for each in names if each["id"] == view["id"]), "")
            return asking.ShopFacts(
                name=name or self.shop.domain,
                domain=self.shop.domain,
                currency=str(view["base_currency_code"]),
                time_zone=text(view, "timezone"),
            )

    @cached_property
    def _view(self) -> Mapping[str, Any]:
        """That of the store code, else the first."""
        views = self._client.get("store/storeConfigs")
        code = self.shop.secrets.get("store_code", "")
        with shaped("shop"):
            found: list[Mapping[str, Any]] = [
                each for each in views if code in ("", each["code"]) and each["code"] != "admin"
            ]
        if not found:
            raise Declined("store_view_not_found")
        return found[0]

    @property
    def _view_id(self) -> str:
        """Empty where the shop is one store, whatever views it has."""
        if not self.shop.secrets.get("store_code"):
            return ""
        with shaped("shop"):
            return str(self._view["id"])

    @override
    def fetch_order(self, order_id: str) -> OrderSnapshot | None:
        if not (order_id.isascii() and order_id.isdecimal()):
            return None
        try:
            found = self._client.get(f"orders/{order_id}")
        except Missing:
            return None
        with shaped("order"):
            is_ours = self._view_id in ("", text(found, "store_id"))
            return mappers.order_snapshot(found) if is_ours else None

    @override
    def changed_orders(self, since: datetime, cursor: str = "") -> asking.OrderPage:
        """By the last change seen, so that no page moves; within one second by page."""
        asked, _, number = cursor.partition("|")
        start, page = asked or mappers.written(since), int(number or 1)
        wanted: list[Filter] = [("updated_at", "gteq", start)]
        if self._view_id:
            wanted.append(("store_id", "eq", self._view_id))
        found = self._client.page(
            "orders", [[each] for each in wanted], page=page, size=PAGE, sort="updated_at"
        )
        with shaped("order"):
            following = mappers.following(found.items[-1], start, page) if found.has_more else ""
            told = [{**each, "id": each.get("entity_id")} for each in found.items]
        return order_page(told, mappers.order_snapshot, following)

    @override
    def max_refundable(self, order_id: str, payment_id: str) -> Money:
        return refunding.most(self._client, order_id, payment_id)

    @override
    def create_refund(self, order: RefundOrder) -> RefundReceipt:
        return refunding.create(self._client, order)

    @override
    def find_refund(self, order: RefundOrder) -> RefundReceipt | None:
        return refunding.find(self._client, order)

    @override
    def cancel_order(self, order_id: str, reason: str) -> None:
        """Magento cancels only what is neither invoiced nor sent."""
        path = f"orders/{segment(order_id)}"
        order = self._client.get(path)
        with shaped("order"):
            if order["state"] == choices.CANCELLED:
                return
            if any(mappers.whole(each, "qty_shipped") for each in order["items"]):
                raise Declined("already_sent")
        if self._client.post(f"{path}/cancel", {}) is not True:
            raise Declined("order_is_invoiced")
        self.add_note(order_id, reason)

    @override
    def create_credit(self, order: asking.CreditOrder) -> asking.PlatformCredit:
        if order.amount.currency != self.shop.currency:
            raise Declined("wrong_currency")
        with shaped("shop"):
            website = int(self._view["website_id"])
        code = coupons.code_for(order.reference, self.shop.secrets["voucher_secret"])
        return coupons.create(self._client, order, code, website)

    @override
    def void_credit(self, credit_id: str) -> None:
        coupons.void(self._client, credit_id)

    @override
    def add_note(self, order_id: str, text: str, tags: tuple[str, ...] = ()) -> None:
        words = [text, *(f"#{each}" for each in tags)]
        notes.write(self._client, order_id, " ".join(each for each in words if each))

    @override
    def fulfilments(self, order_id: str) -> tuple[asking.FulfilmentFacts, ...]:
        sent = self._client.all("shipments", ("order_id", "eq", order_id))
        with shaped("shipment"):
            return tuple(mappers.fulfilment(each) for each in sent)
