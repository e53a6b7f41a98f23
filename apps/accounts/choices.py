from django.db import models

from apps.core.status import Transitions


class Event(models.TextChoices):
    MERCHANT_OPENED = "merchant.opened", "Merchant opened"
    MERCHANT_CLOSED = "merchant.closed", "Merchant closed"
    SETTINGS_CHANGED = "merchant.settings_changed", "Settings changed"
    SETTINGS_SYNCED = "merchant.settings_synced", "Settings handed down to the stores"
    STORE_OPENED = "store.opened", "Store opened"
    STORE_PAUSED = "store.paused", "Store paused"
    STORE_RESUMED = "store.resumed", "Store resumed"
    STORE_RETIRED = "store.retired", "Store retired"
    STORE_RESTORED = "store.restored", "Store restored"
    STORE_CONNECTED = "store.connected", "Store's credentials sealed"
    STORE_DISCONNECTED = "store.disconnected", "Store's credentials forgotten"
    SETTING_OVERRIDDEN = "store.setting_overridden", "Setting overridden by the store"
    SETTING_FOLLOWED = "store.setting_followed", "Setting follows the merchant again"


class Merchant:
    class Plan(models.TextChoices):
        BASIC = "basic", "Basic"
        ADVANCED = "advanced", "Advanced"
        PREMIUM = "premium", "Premium"

    class Status(models.TextChoices):
        ACTIVE = "active", "Active"
        PAUSED = "paused", "Paused"
        CLOSED = "closed", "Closed"

    class Language(models.TextChoices):
        """Of what is written to the merchant."""

        ENGLISH = "en", "English"
        SPANISH = "es", "Spanish"
        GERMAN = "de", "German"
        FRENCH = "fr", "French"


class Store:
    class Platform(models.TextChoices):
        API = "api", "Public API"
        SHOPIFY = "shopify", "Shopify"
        WOOCOMMERCE = "woocommerce", "WooCommerce"
        MAGENTO = "magento", "Adobe Commerce (Magento)"
        PRESTASHOP = "prestashop", "PrestaShop"
        BIGCOMMERCE = "bigcommerce", "BigCommerce"
        SFCC = "sfcc", "Salesforce Commerce Cloud"
        CUSTOM = "custom", "A shop of the merchant's own"

    class Status(models.TextChoices):
        ACTIVE = "active", "Active"
        PAUSED = "paused", "Paused"
        DISCONNECTED = "disconnected", "Disconnected"

    TRANSITIONS: Transitions = {
        Status.ACTIVE: frozenset({Status.PAUSED, Status.DISCONNECTED}),
        Status.PAUSED: frozenset({Status.ACTIVE, Status.DISCONNECTED}),
        Status.DISCONNECTED: frozenset({Status.PAUSED}),
    }

    class Lookup(models.TextChoices):
        EMAIL = "email", "Order number and e-mail"
        POSTCODE = "postcode", "Order number and postcode"


class Preferences:
    class WindowStart(models.TextChoices):
        DELIVERED = "delivered", "Delivery, else shipment, else order"
        SHIPPED = "shipped", "Shipment, else order"
        ORDERED = "ordered", "Order"

    class Shipping(models.TextChoices):
        NEVER = "never", "Never refunded"
        WHEN_ALL_RETURNED = "when_all_returned", "When every unit came back"
        SHARE_BY_VALUE = "share_by_value", "A share by value"

    class Threshold(models.TextChoices):
        PRORATE = "prorate", "Prorate"
        REQUALIFY = "requalify", "Requalify"
        BLOCK = "block", "Block"

    class FeeOverRefund(models.TextChoices):
        CAP = "cap", "Capped at zero"
        COLLECT = "collect", "Collected first"

    class TenderOrder(models.TextChoices):
        CREDIT_FIRST = "credit_first", "Credit first"
        PRO_RATA = "pro_rata", "Pro rata"

    class RefundMethod(models.TextChoices):
        ORIGINAL = "original", "Original payment method"
        BANK_TRANSFER = "bank_transfer", "Bank transfer"
        STORE_CREDIT = "store_credit", "Store credit"

    class CreditAt(models.TextChoices):
        SHOP = "shop", "At the shop where its platform can, else here"
        HERE = "here", "Here, under a code of ours"

    class Restocking(models.TextChoices):
        NONE = "none", "None"
        FIXED = "fixed", "Fixed amount per item"
        PERCENT_OF_LIST = "percent_of_list", "Percent of the list price"
        PERCENT_OF_PAID = "percent_of_paid", "Percent of what was paid"

    class Bonus(models.TextChoices):
        NONE = "none", "None"
        FLAT = "flat", "Flat amount"
        PERCENT = "percent", "Percent"

    class DifferenceBasis(models.TextChoices):
        BASKET = "basket", "Whole basket"
        ITEM = "item", "Item by item"
