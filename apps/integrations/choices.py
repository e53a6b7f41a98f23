"""What a platform may be able to do, and what becomes of things that live there."""

from django.db import models


class Capability(models.TextChoices):
    """One thing that the product asks of a platform; a connector says which of them it can do."""

    ORDERS = "orders", "Read one order"
    CHANGES = "changes", "List the orders changed since a moment"
    REFUNDS = "refunds", "Refund through the shop"
    SUGGESTIONS = "suggestions", "Say what it would refund"
    RETURNS = "returns", "Keep returns"
    RETURN_REQUESTS = "return_requests", "Approve and decline returns"
    EXCHANGES = "exchanges", "Place exchange orders"
    CANCELLATIONS = "cancellations", "Cancel orders"
    RESERVATIONS = "reservations", "Hold stock"
    RESTOCKS = "restocks", "Take goods back into stock"
    VARIANTS = "variants", "List variants and their stock"
    CREDIT = "credit", "Give gift cards or store credit"
    NOTES = "notes", "Keep notes and tags"
    WEBHOOKS = "webhooks", "Tell of changes"
    FULFILMENTS = "fulfilments", "Tell what was sent"


class Return:
    class Status(models.TextChoices):
        REQUESTED = "requested", "Requested"
        OPEN = "open", "Open"
        DECLINED = "declined", "Declined"
        CLOSED = "closed", "Closed"
        CANCELLED = "cancelled", "Cancelled"


class Fulfilment:
    class Status(models.TextChoices):
        PENDING = "pending", "Not sent yet"
        SENT = "sent", "Sent"
        DELIVERED = "delivered", "Delivered"
        CANCELLED = "cancelled", "Cancelled"


class Topic(models.TextChoices):
    """What a webhook is about; a connector turns these into its platform's own names."""

    ORDERS = "orders", "An order came or changed"
    REFUNDS = "refunds", "A refund was made at the shop"
    RETURNS = "returns", "A return changed at the shop"
    FULFILMENTS = "fulfilments", "Goods were sent or delivered"
    UNINSTALLED = "uninstalled", "The shop let go of us"
    PRIVACY = "privacy", "Somebody asks for their data, or to be forgotten"
