"""Magento's own codes, as data."""

CANCELLED = "canceled"
# Of a credit memo.
OPEN, REFUNDED = 1, 2
# Of an invoice: paid.
PAID = 2

TENDERS = {
    "banktransfer": "bank",
    "cashondelivery": "cash",
    "checkmo": "other",
    "purchaseorder": "other",
    "free": "other",
}
# What Adobe Commerce takes off an order's total before its payment method pays the rest: our
# name, the kind of tender, what was taken, what went back to it.
CREDITS = (
    (
        "customer_balance",
        "credit",
        "base_customer_balance_amount",
        "base_customer_balance_refunded",
    ),
    ("gift_cards", "gift_card", "base_gift_cards_amount", "base_gift_cards_refunded"),
    ("reward_points", "credit", "base_reward_currency_amount", "base_rwrd_crrncy_amnt_refnded"),
)
SOLD_BY_THE_PIECE = "simple,virtual,downloadable"

NO_SUGGESTIONS = "Magento has no call that works a refund out"
NO_RETURNS = (
    "Magento Open Source keeps no returns, and how those of Adobe Commerce are written is not "
    "published: they stay here"
)
NO_EXCHANGES = "Magento works the totals of a new order out again: give a coupon instead"
NO_RESERVATIONS = "Magento holds stock for its own checkout only"
NO_WEBHOOKS = "Magento tells nobody by itself: its orders are read every few minutes"
