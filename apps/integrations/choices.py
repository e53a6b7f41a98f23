"""What a platform may be able to do, and what becomes of things that live there."""

from collections.abc import Mapping

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


class Event(models.TextChoices):
    SYNC_STARTED = "order_sync.started", "Reading of the shop's orders started"
    SYNC_DONE = "order_sync.done", "Orders of the shop read"
    SYNC_FAILED = "order_sync.failed", "Orders of the shop could not be read"
    SYNC_STOPPED = "order_sync.stopped", "Reading of the shop's orders stopped"
    SYNC_SET_BACK = "order_sync.set_back", "Reading of the shop's orders began anew"
    ACTION_DONE = "platform_action.done", "Written to the shop"
    ACTION_FAILED = "platform_action.failed", "The shop said no"
    ACTION_PARKED = "platform_action.parked", "Could not be written to the shop: somebody must look"
    WEBHOOKS_RESTORED = "webhooks.restored", "Webhooks of the shop restored"


def _moves(table: Mapping[str, tuple[str, ...]]) -> Mapping[str, frozenset[str]]:
    return {str(source): frozenset(map(str, targets)) for source, targets in table.items()}


class OrderSync:
    class Kind(models.TextChoices):
        HISTORY = "history", "All orders since a moment"
        CHANGES = "changes", "What changed since the last time"

    class Status(models.TextChoices):
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"
        STOPPED = "stopped", "Stopped"

    TRANSITIONS = _moves(
        {
            Status.RUNNING: (Status.DONE, Status.FAILED, Status.STOPPED),
            Status.FAILED: (Status.RUNNING,),
        }
    )


class PlatformAction:
    class Kind(models.TextChoices):
        OPEN_RETURN = "open_return", "Open the return"
        APPROVE_RETURN = "approve_return", "Approve the return"
        DECLINE_RETURN = "decline_return", "Decline the return"
        CLOSE_RETURN = "close_return", "Close the return"
        RESTOCK = "restock", "Take goods back into stock"
        PLACE_EXCHANGE = "place_exchange", "Place the exchange order"
        CANCEL_EXCHANGE = "cancel_exchange", "Cancel the exchange order"
        NOTE = "note", "Write a note"
        VOID_CREDIT = "void_credit", "Take credit back"

    class Status(models.TextChoices):
        PENDING = "pending", "To be sent"
        PROCESSING = "processing", "Being sent"
        UNKNOWN = "unknown", "Nobody knows yet"
        DONE = "done", "Done"
        FAILED = "failed", "The shop said no"
        PARKED = "parked", "Parked"
        NOT_OFFERED = "not_offered", "Not offered by the platform"
        DROPPED = "dropped", "Not wanted any more"

    TRANSITIONS = _moves(
        {
            Status.PENDING: (Status.PROCESSING, Status.DROPPED),
            Status.PROCESSING: (
                Status.PENDING,
                Status.UNKNOWN,
                Status.DONE,
                Status.FAILED,
                Status.PARKED,
                Status.NOT_OFFERED,
            ),
            Status.UNKNOWN: (Status.PROCESSING, Status.DONE),
            Status.FAILED: (Status.PENDING,),
            Status.PARKED: (Status.PENDING,),
        }
    )
    # Whoever comes after it in the same return waits for it.
    UNDER_WAY = (Status.PENDING, Status.PROCESSING, Status.UNKNOWN)
