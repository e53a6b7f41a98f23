from django.db import models


class Merchant:
    class Plan(models.TextChoices):
        BASIC = "basic", "Basic"
        ADVANCED = "advanced", "Advanced"
        PREMIUM = "premium", "Premium"

    class Status(models.TextChoices):
        ACTIVE = "active", "Active"
        PAUSED = "paused", "Paused"
        CLOSED = "closed", "Closed"


class Store:
    class Platform(models.TextChoices):
        API = "api", "Public API"
        SHOPIFY = "shopify", "Shopify"
        WOOCOMMERCE = "woocommerce", "WooCommerce"

    class Status(models.TextChoices):
        ACTIVE = "active", "Active"
        PAUSED = "paused", "Paused"
        DISCONNECTED = "disconnected", "Disconnected"

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
