"""Salesforce B2C Commerce by its Orders API: orders are polled, refunds are paid elsewhere."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any, ClassVar, override

from apps.integrations import asking, payloads
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
from apps.integrations.reading import order_page, shaped
from apps.integrations.returns_helper import ReturnsHelper
from apps.integrations.sfcc import choices, mappers
from apps.integrations.sfcc.client import Client, Missing
from apps.integrations.sfcc.helpers import SfccReturnsHelper

PAGE = 50
GRANT = ("client_id", "client_secret", "short_code", "organization_id", "site_id")


class Connector(
    NoRefundsMixin,
    NoSuggestionsMixin,
    NoReturnsMixin,
    NoExchangesMixin,
    NoReservationsMixin,
    NoWebhooksMixin,
):
    platform: ClassVar[str] = "sfcc"
    why_not: ClassVar[Mapping[Capability, str]] = {
        Capability.REFUNDS: choices.NO_REFUNDS,
        Capability.SUGGESTIONS: choices.NO_SUGGESTIONS,
        Capability.RETURNS: choices.NO_RETURNS,
        Capability.RETURN_REQUESTS: choices.NO_RETURNS,
        Capability.EXCHANGES: choices.NO_EXCHANGES,
        Capability.RESERVATIONS: choices.NO_RESERVATIONS,
        Capability.RESTOCKS: choices.NO_RESTOCKS,
        Capability.VARIANTS: choices.NO_VARIANTS,
        Capability.CREDIT: choices.NO_CREDIT,
        Capability.WEBHOOKS: choices.NO_WEBHOOKS,
    }
    capabilities: ClassVar[frozenset[Capability]] = frozenset(Capability) - frozenset(why_not)
    helper: ClassVar[ReturnsHelper] = SfccReturnsHelper()

    def __init__(self, shop: asking.Shop, secrets: Secrets | None = None) -> None:
        super().__init__(shop, secrets)
        self._client = Client(shop.domain, shop.secrets, secrets)

    @classmethod
    @override
    def connect(cls, domain: str, grant: Mapping[str, str]) -> asking.Connection:
        """`grant` has what GRANT names, and the site's `currency`, which no order API tells."""
        kept = {name: grant.get(name, "").strip() for name in GRANT}
        currency = grant.get("currency", "").strip().upper()
        if not all((currency, *kept.values())):
            raise Declined("credentials_incomplete")
        shop = asking.Shop(store_id="", domain=domain, currency=currency, secrets=kept)
        return asking.Connection(facts=cls(shop).verify_credentials(), secrets=kept)

    @override
    def verify_credentials(self) -> asking.ShopFacts:
        """One order is asked for: a token alone says nothing of the site."""
        self._client.listed(limit="1")
        return asking.ShopFacts(
            name=self.shop.secrets["site_id"],
            domain=self.shop.domain,
            currency=self.shop.currency,
        )

    @override
    def fetch_order(self, order_id: str) -> OrderSnapshot | None:
        try:
            found = self._client.order(order_id)
        except Missing:
            return None
        with shaped("order"):
            return mappers.order_snapshot(found)

    @override
    def changed_orders(self, since: datetime, cursor: str = "") -> asking.OrderPage:
        """By the last change seen, so that an order that changes meanwhile moves no page."""
        start, _, offset = cursor.partition("|")
        start, skipped = start or mappers.second_before(since), int(offset or 0)
        found = self._client.listed(
            lastModifiedDateFrom=start,
            sortBy="last_modified_date",
            sortOrder="asc",
            offset=str(skipped),
            limit=str(PAGE),
        )
        with shaped("order"):
            following = _following(found[-1], start, skipped) if found[PAGE - 1 :] else ""
        return order_page(found, mappers.order_snapshot, following, called="orderNo")

    @override
    def cancel_order(self, order_id: str, reason: str) -> None:
        """Salesforce gives the goods and the coupons free with it."""
        order = self._client.order(order_id)
        with shaped("order"):
            status, sent = order["status"], order["shippingStatus"]
        if status == choices.CANCELLED:
            return
        if sent in (choices.SHIPPED, choices.PART_SHIPPED):
            raise Declined("already_sent")
        if status in choices.DEAD | choices.UNPLACED:
            raise Declined(f"order_is_{status}")
        self._client.set_status(order_id, choices.CANCELLED)
        # Cancelled it is, also where the shop keeps no notes.
        with suppress(Declined):
            self._note(order_id, order, reason)

    @override
    def restock(self, move: asking.StockMove) -> None:
        raise self.refuse(Capability.RESTOCKS)

    @override
    def list_variants(self, product_id: str = "", cursor: str = "") -> asking.VariantPage:
        raise self.refuse(Capability.VARIANTS)

    @override
    def create_credit(self, order: asking.CreditOrder) -> asking.PlatformCredit:
        raise self.refuse(Capability.CREDIT)

    @override
    def void_credit(self, credit_id: str) -> None:
        raise self.refuse(Capability.CREDIT)

    @override
    def add_note(self, order_id: str, text: str, tags: tuple[str, ...] = ()) -> None:
        """In an attribute of the order: what somebody else writes there meanwhile is lost."""
        self._note(order_id, self._client.order(order_id), text, tags)

    def _note(
        self, order_id: str, order: Mapping[str, Any], words: str, tags: tuple[str, ...] = ()
    ) -> None:
        with shaped("order"):
            notes = mappers.with_note(order, words, tags)
        self._client.change(order_id, {choices.NOTES: notes})

    @override
    def fulfilments(self, order_id: str) -> tuple[asking.FulfilmentFacts, ...]:
        order = self._client.order(order_id)
        with shaped("order"):
            return mappers.fulfilments(order)


def _following(last: Mapping[str, Any], start: str, skipped: int) -> str:
    """From the last change on; within one second by counting."""
    after = mappers.second_before(payloads.moment(str(last["lastModified"])))
    return f"{after}|0" if after > start else f"{start}|{skipped + PAGE}"
