"""What Shopify calls things, and the version of its API that we speak."""

from collections.abc import Mapping
from datetime import date

from apps.integrations import choices
from apps.integrations.choices import Topic

# A new version comes each quarter and is served for a year: docs/platforms says when to move on.
VERSION = "2026-10"
VERSION_ENDS = date(2027, 10, 1)

SCOPES = (
    "read_all_orders", "write_orders", "write_returns", "write_customers", "read_products",
    "write_inventory", "read_locations", "write_gift_cards", "write_gift_card_transactions",
    "read_fulfillments", "read_merchant_managed_fulfillment_orders",
)  # fmt: skip
# Asked for too, but not needed: without them credit is a gift card.
CREDIT_SCOPES = frozenset({"read_store_credit_accounts", "write_store_credit_account_transactions"})

RETURNS: Mapping[str, choices.Return.Status] = {
    "REQUESTED": choices.Return.Status.REQUESTED,
    "OPEN": choices.Return.Status.OPEN,
    "DECLINED": choices.Return.Status.DECLINED,
    "CLOSED": choices.Return.Status.CLOSED,
    "CANCELED": choices.Return.Status.CANCELLED,
}
# What the carrier says, where Shopify knows it; anything else was at least sent.
SENDINGS: Mapping[str, choices.Fulfilment.Status] = {
    "DELIVERED": choices.Fulfilment.Status.DELIVERED,
    "PICKED_UP": choices.Fulfilment.Status.DELIVERED,
    "CANCELED": choices.Fulfilment.Status.CANCELLED,
    "LABEL_PRINTED": choices.Fulfilment.Status.PENDING,
    "LABEL_PURCHASED": choices.Fulfilment.Status.PENDING,
    "LABEL_VOIDED": choices.Fulfilment.Status.PENDING,
    "CONFIRMED": choices.Fulfilment.Status.PENDING,
    "SUBMITTED": choices.Fulfilment.Status.PENDING,
}
GONE = frozenset({"CANCELLED", "ERROR", "FAILURE"})
TENDERS: Mapping[str, str] = {
    "gift_card": "gift_card",
    "shopify_store_credit": "credit",
    "cash": "cash",
    "bank_deposit": "bank",
    "cash_on_delivery": "cash",
}
# Subscribed to by the API; the three of privacy stand in the app's own configuration.
TOPICS: Mapping[str, Topic] = {
    "ORDERS_CREATE": Topic.ORDERS,
    "ORDERS_UPDATED": Topic.ORDERS,
    "ORDERS_CANCELLED": Topic.ORDERS,
    "ORDERS_EDITED": Topic.ORDERS,
    "REFUNDS_CREATE": Topic.REFUNDS,
    "ORDER_TRANSACTIONS_CREATE": Topic.REFUNDS,
    "RETURNS_REQUEST": Topic.RETURNS,
    "RETURNS_APPROVE": Topic.RETURNS,
    "RETURNS_DECLINE": Topic.RETURNS,
    "RETURNS_CANCEL": Topic.RETURNS,
    "RETURNS_CLOSE": Topic.RETURNS,
    "RETURNS_REOPEN": Topic.RETURNS,
    "RETURNS_PROCESS": Topic.RETURNS,
    "FULFILLMENTS_CREATE": Topic.FULFILMENTS,
    "FULFILLMENTS_UPDATE": Topic.FULFILMENTS,
    "APP_UNINSTALLED": Topic.UNINSTALLED,
}
PRIVACY = frozenset({"customers/data_request", "customers/redact", "shop/redact"})


def header_of(topic: str) -> str:
    """`ORDER_TRANSACTIONS_CREATE` is `order_transactions/create` in the header of a delivery."""
    noun, _, happened = topic.lower().rpartition("_")
    return f"{noun}/{happened}"


MEANINGS: Mapping[str, Topic] = {
    **{header_of(topic): meaning for topic, meaning in TOPICS.items()},
    **dict.fromkeys(PRIVACY, Topic.PRIVACY),
}
