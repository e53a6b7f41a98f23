"""Salesforce's own names."""

CANCELLED = "cancelled"
# Orders that nobody has placed, or never will.
DEAD = frozenset({CANCELLED, "failed", "failed_with_reopen"})
UNPLACED = frozenset({"created"})
SHIPPED, PART_SHIPPED = "shipped", "part_shipped"
PAID = "paid"
NET = "net"
# An attribute of orders that the shop defines in Business Manager, of the type text.
NOTES = "c_reveniNotes"

TENDERS = {
    "CREDIT_CARD": "card",
    "DW_APPLE_PAY": "card",
    "DW_ANDROID_PAY": "card",
    "GIFT_CERTIFICATE": "gift_card",
    "BANK_TRANSFER": "bank",
}

NO_REFUNDS = (
    "Salesforce B2C Commerce has no call that refunds. Refunds go through the payment provider, "
    "by bank or as credit"
)
NO_SUGGESTIONS = "Salesforce has no call that works a refund out"
NO_RETURNS = "Salesforce's return cases can be reached from inside the shop only: they stay here"
NO_EXCHANGES = "Salesforce takes new orders from a shopper's own session only"
NO_RESERVATIONS = "Salesforce's order API does not reach the stock"
NO_RESTOCKS = "Salesforce's order API does not reach the stock: take goods back in the warehouse"
NO_VARIANTS = "Salesforce's order API does not reach the catalog"
NO_CREDIT = (
    "Gift certificates have an API of their own, which Salesforce grants apart: issue them in "
    "Business Manager"
)
NO_WEBHOOKS = "Salesforce tells nobody: its orders are read every few minutes"
