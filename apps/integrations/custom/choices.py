"""The words of the contract that a merchant's own shop implements; docs/custom-platform.md."""

from collections.abc import Mapping

from apps.integrations.choices import Capability, Topic

CALLS: Mapping[str, Capability] = {
    "order.get": Capability.ORDERS,
    "orders.changed": Capability.CHANGES,
    "refund.maximum": Capability.REFUNDS,
    "refund.create": Capability.REFUNDS,
    "refund.find": Capability.REFUNDS,
    "refund.suggest": Capability.SUGGESTIONS,
    "return.open": Capability.RETURNS,
    "return.close": Capability.RETURNS,
    "return.approve": Capability.RETURN_REQUESTS,
    "return.decline": Capability.RETURN_REQUESTS,
    "exchange.create": Capability.EXCHANGES,
    "order.cancel": Capability.CANCELLATIONS,
    "stock.reserve": Capability.RESERVATIONS,
    "stock.restock": Capability.RESTOCKS,
    "variants.list": Capability.VARIANTS,
    "credit.create": Capability.CREDIT,
    "credit.void": Capability.CREDIT,
    "order.note": Capability.NOTES,
    "webhooks.register": Capability.WEBHOOKS,
    "webhooks.list": Capability.WEBHOOKS,
    "webhooks.remove": Capability.WEBHOOKS,
    "fulfilments.list": Capability.FULFILMENTS,
}
# They change nothing, so that one which brought no answer is sent again at once.
READS = frozenset({
    "shop.get", "order.get", "orders.changed", "refund.maximum", "refund.find", "refund.suggest",
    "variants.list", "webhooks.list", "fulfilments.list",
})  # fmt: skip
# Types of the webhooks that the shop sends, and what each is about.
TOPICS: Mapping[str, Topic] = {
    "order.changed": Topic.ORDERS,
    "refund.made": Topic.REFUNDS,
    "return.changed": Topic.RETURNS,
    "fulfilment.changed": Topic.FULFILMENTS,
    "shop.uninstalled": Topic.UNINSTALLED,
    "privacy.requested": Topic.PRIVACY,
}
