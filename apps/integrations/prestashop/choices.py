"""PrestaShop's own names."""

# Of its settings; a key that may not read them opens too little.
CURRENCY = "PS_CURRENCY_DEFAULT"
ZONE = "PS_TIMEZONE"
NAME = "PS_SHOP_NAME"
CANCELLED = "PS_OS_CANCELED"

TENDERS = {
    "ps_wirepayment": "bank",
    "ps_checkpayment": "other",
    "ps_cashondelivery": "cash",
}
NO_REFUNDS = (
    "A PrestaShop credit slip only books: no payment gateway is called. Refunds go through the "
    "payment provider, by bank or as a voucher"
)
NO_RETURNS = "PrestaShop's merchandise returns cannot be reached: they stay here"
NO_EXCHANGES = "PrestaShop works the totals of a new order out again: give a voucher instead"
NO_RESERVATIONS = "PrestaShop holds no stock"
NO_WEBHOOKS = "PrestaShop tells nobody: its orders are read every few minutes"
NO_SUGGESTIONS = "PrestaShop has no call that works a refund out"
