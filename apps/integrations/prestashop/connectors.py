"""PrestaShop by its webservice: orders are polled, refunds are paid elsewhere."""

import hashlib
import hmac
import secrets
from base64 import b32encode
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cached_property
from typing import ClassVar, override
from zoneinfo import ZoneInfo

from apps.core.money import Money
from apps.integrations import asking
from apps.integrations.choices import Capability
from apps.integrations.connectors import Declined, Secrets
from apps.integrations.dtos import OrderSnapshot
from apps.integrations.mixins.refusing import (
    NoExchangesMixin,
    NoRefundsMixin,
    NoReservationsMixin,
    NoReturnsMixin,
    NoSuggestionsMixin,
    NoWebhooksMixin,
)
from apps.integrations.payloads import text
from apps.integrations.prestashop import choices, goods, mappers, threads
from apps.integrations.prestashop.client import PEER, Client
from apps.integrations.prestashop.helpers import PrestaReturnsHelper
from apps.integrations.prestashop.reading_orders import OrderFile, gather
from apps.integrations.reading import effect, order_page, shaped
from apps.integrations.returns_helper import ReturnsHelper

PAGE = 50


class Connector(
    NoReturnsMixin,
    NoRefundsMixin,
    NoSuggestionsMixin,
    NoExchangesMixin,
    NoReservationsMixin,
    NoWebhooksMixin,
):
    platform: ClassVar[str] = "prestashop"
    why_not: ClassVar[Mapping[Capability, str]] = {
        Capability.REFUNDS: choices.NO_REFUNDS,
        Capability.SUGGESTIONS: choices.NO_SUGGESTIONS,
        Capability.RETURNS: choices.NO_RETURNS,
        Capability.RETURN_REQUESTS: choices.NO_RETURNS,
        Capability.EXCHANGES: choices.NO_EXCHANGES,
        Capability.RESERVATIONS: choices.NO_RESERVATIONS,
        Capability.WEBHOOKS: choices.NO_WEBHOOKS,
    }
    capabilities: ClassVar[frozenset[Capability]] = frozenset(Capability) - frozenset(why_not)
    helper: ClassVar[ReturnsHelper] = PrestaReturnsHelper()

    def __init__(self, shop: asking.Shop, secrets: Secrets | None = None) -> None:
        super().__init__(shop, secrets)
        self._client = Client(shop.domain, shop.secrets.get("key", ""))
        self._zone = ZoneInfo(shop.time_zone)

    @classmethod
    @override
    def connect(cls, domain: str, grant: Mapping[str, str]) -> asking.Connection:
        """`grant` has the `key` of the webservice."""
        kept = {"key": grant.get("key", ""), "voucher_secret": secrets.token_urlsafe(32)}
        shop = asking.Shop(store_id="", domain=domain, currency="", secrets=kept)
        return asking.Connection(facts=cls(shop).verify_credentials(), secrets=kept)

    @override
    def verify_credentials(self) -> asking.ShopFacts:
        known = self._settings(choices.NAME, choices.CURRENCY, choices.ZONE)
        used = known.get(choices.CURRENCY, "")
        currencies = self._client.among("currencies", "id", [used])
        # A key that sees no orders is of no use.
        self._client.rows("orders", limit="1")
        if not currencies:
            raise Declined("settings_hidden")
        with shaped("shop"):
            return asking.ShopFacts(
                name=known.get(choices.NAME, ""),
                domain=self.shop.domain,
                currency=str(currencies[0]["iso_code"]),
                time_zone=known.get(choices.ZONE, ""),
            )

    @override
    def fetch_order(self, order_id: str) -> OrderSnapshot | None:
        file = self._file(order_id)
        if file is None:
            return None
        with shaped("order"):
            return mappers.order_snapshot(file, self._zone)

    @override
    def changed_orders(self, since: datetime, cursor: str = "") -> asking.OrderPage:
        """By the last change seen, in the shop's own words for it, so that no page moves."""
        start, _, offset = cursor.partition("|")
        start = start or mappers.asked_since(since, self._zone)
        skipped = int(offset or 0)
        found = self._client.rows(
            "orders",
            {"date_upd": f">[{start}]"},
            date="1",
            sort="[date_upd_ASC]",
            limit=f"{skipped},{PAGE}",
        )
        with shaped("order"):
            following = self._following(found[-1], start, skipped) if found[PAGE - 1 :] else ""
            files = {
                str(each.order["id"]): each for each in gather(self._client, found, self._cancelled)
            }
        return order_page(
            found,
            lambda row: mappers.order_snapshot(files[str(row["id"])], self._zone),
            following,
        )

    @staticmethod
    def _following(last: Mapping[str, object], start: str, skipped: int) -> str:
        """From the last change on; within one second by counting."""
        before = datetime.fromisoformat(str(last["date_upd"])) - timedelta(seconds=1)
        after = before.strftime("%Y-%m-%d %H:%M:%S")
        return f"{after}|0" if after > start else f"{start}|{skipped + PAGE}"

    @override
    def cancel_order(self, order_id: str, reason: str) -> None:
        """States are each shop's own: which one is the cancelled one stands in its settings."""
        file = self._known(order_id)
        if not self._cancelled:
            raise Declined("cancelled_state_unknown")
        if file.is_cancelled:
            return
        if text(file.state, "shipped") == "1":
            raise Declined("already_sent")
        self._client.create(
            "order_histories",
            "order_history",
            {"id_order": order_id, "id_order_state": self._cancelled, "id_employee": 0},
        )
        self.add_note(order_id, reason)

    @override
    def restock(self, move: asking.StockMove) -> None:
        goods.put_back(self._client, move)

    @override
    def list_variants(self, product_id: str = "", cursor: str = "") -> asking.VariantPage:
        return goods.page_of(self._client, product_id, cursor, self.shop.currency)

    @override
    def create_credit(self, order: asking.CreditOrder) -> asking.PlatformCredit:
        """The same reference has the same code, which nobody can guess."""
        code = self._code_for(order.reference)
        found = self._client.rows("cart_rules", {"code": f"[{code}]"})
        made = found[0] if found else self._new_voucher(order, code)
        with effect(PEER):
            amount = Money.of(text(made, "reduction_amount"), order.amount.currency)
            return asking.PlatformCredit(id=str(made["id"]), amount=amount, code=code)

    def _new_voucher(self, order: asking.CreditOrder, code: str) -> Mapping[str, object]:
        currencies = self._client.rows("currencies", {"iso_code": f"[{order.amount.currency}]"})
        if not currencies:
            raise Declined("wrong_currency")
        languages = [str(each["id"]) for each in self._client.rows("languages")]
        body = mappers.voucher(order, code, str(currencies[0]["id"]), languages)
        made: Mapping[str, object] = self._client.create("cart_rules", "cart_rule", body)
        return made

    def _code_for(self, reference: str) -> str:
        key = self.shop.secrets["voucher_secret"].encode()
        digest = hmac.digest(key, reference.encode(), hashlib.sha256)
        return b32encode(digest).decode()[:16]

    @override
    def void_credit(self, credit_id: str) -> None:
        """Its quantity of one is gone once a basket took it."""
        for rule in self._client.among("cart_rules", "id", [credit_id]):
            if text(rule, "quantity") == "0":
                raise Declined("credit_used")
            self._client.delete("cart_rules", credit_id)

    @override
    def add_note(self, order_id: str, text: str, tags: tuple[str, ...] = ()) -> None:
        words = [text, *(f"#{each}" for each in tags)]
        threads.write(self._client, order_id, " ".join(each for each in words if each))

    @override
    def fulfilments(self, order_id: str) -> tuple[asking.FulfilmentFacts, ...]:
        file = self._known(order_id)
        carriers = self._client.rows("order_carriers", {"id_order": f"[{order_id}]"})
        with shaped("order_carrier"):
            return mappers.fulfilments(file, carriers, self._zone)

    def _known(self, order_id: str) -> OrderFile:
        file = self._file(order_id)
        if file is None:
            raise Declined("order_not_found")
        return file

    def _file(self, order_id: str) -> OrderFile | None:
        """What is no number would be a filter of its own."""
        rows = self._client.rows("orders", {"id": f"[{order_id}]"}) if order_id.isdecimal() else []
        with shaped("order"):
            return gather(self._client, rows, self._cancelled)[0] if rows else None

    @cached_property
    def _cancelled(self) -> str:
        return self._settings(choices.CANCELLED).get(choices.CANCELLED, "")

    def _settings(self, *names: str) -> dict[str, str]:
        found = self._client.rows("configurations", {"name": f"[{'|'.join(names)}]"})
        with shaped("configuration"):
            return {str(each["name"]): text(each, "value") for each in found}
