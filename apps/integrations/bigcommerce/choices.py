"""BigCommerce's own names and numbers."""

SCOPES = (
    "store/order/created",
    "store/order/updated",
    "store/order/refund/created",
    "store/shipment/created",
    "store/shipment/updated",
    "store/app/uninstalled",
)
INCOMPLETE, SHIPPED, PARTIALLY_SHIPPED, CANCELLED, DECLINED = 0, 2, 3, 5, 6
AWAITING_PAYMENT, COMPLETED, AWAITING_FULFILMENT = 7, 10, 11
NOT_PAID = frozenset({INCOMPLETE, DECLINED, AWAITING_PAYMENT})
NOT_CAPTURED = frozenset(
    {
        "authorized",
        "capture pending",
        "declined",
        "held for review",
        "pending",
        "void",
        "void pending",
    }
)
TENDERS = {
    "bank deposit": "bank",
    "cash on delivery": "cash",
    "check": "other",
    "money order": "other",
    "manual": "other",
    "pay in store": "cash",
}
# Providers of a refund that give no money back to a card.
STORE_CREDIT, GIFT_CERTIFICATE = "storecredit", "giftcertificate"
MARKS = "reveni"
NO_RETURNS = "BigCommerce's own returns cannot be written by anybody else: they stay here"
