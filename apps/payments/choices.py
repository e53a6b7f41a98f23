"""Statuses, gateways, accounts and events of money, with the moves that are allowed."""

from collections.abc import Mapping

from django.db import models

from apps.payments.ledger_choices import Ledger

__all__ = [
    "OF_COLLECTION",
    "BankTransferBatch",
    "Event",
    "Ledger",
    "Payment",
    "SavedCard",
    "StoreCredit",
]


class Event(models.TextChoices):
    REFUND_PROMISED = "refund.promised", "Refund promised"
    REFUND_NOTHING_DUE = "refund.nothing_due", "Nothing to refund"
    REFUND_BLOCKED = "refund.blocked", "Refund needs a person"
    REFUND_SENT = "refund.sent", "Refund sent"
    REFUND_SUCCEEDED = "refund.succeeded", "Refund succeeded"
    REFUND_UNKNOWN = "refund.unknown", "Refund without an answer"
    REFUND_UNANSWERED = "refund.unanswered", "Refund without an answer for 15 minutes"
    REFUND_FAILED = "refund.failed", "Refund failed"
    REFUND_RETRIED = "refund.retried", "Refund to be tried again"
    REFUND_RETURNED = "refund.returned", "Refund came back"
    REFUND_CANCELLED = "refund.cancelled", "Refund cancelled"
    COLLECTION_PROMISED = "collection.promised", "Collection promised"
    COLLECTION_SENT = "collection.sent", "Collection asked for"
    COLLECTION_OFFERED = "collection.offered", "Pay link ready"
    COLLECTION_AUTHORISED = "collection.authorised", "Money on its way in"
    COLLECTION_SUCCEEDED = "collection.succeeded", "Money collected"
    COLLECTION_UNKNOWN = "collection.unknown", "Collection without an answer"
    COLLECTION_UNANSWERED = (
        "collection.unanswered",
        "Collection without an answer for 15 minutes",
    )
    COLLECTION_FAILED = "collection.failed", "Collection failed"
    COLLECTION_RETRIED = "collection.retried", "Collection to be tried again"
    COLLECTION_EXPIRED = "collection.expired", "Pay link ran out"
    COLLECTION_CANCELLED = "collection.cancelled", "Collection cancelled"
    COLLECTION_GIVEN_BACK = "collection.given_back", "Collected money given back"
    COLLECTION_DISPUTED = "collection.disputed", "Collected money disputed"
    COLLECTION_DISPUTE_CLOSED = "collection.dispute_closed", "Dispute closed"
    CARD_CONSENTED = "card.consented", "Consent to charge a card"
    CARD_SAVED = "card.saved", "Card saved"
    CARD_DROPPED = "card.dropped", "Card not to be charged any more"
    PAYOUT_ACCOUNT_SET = "payout.account_set", "Payout account set"
    BATCH_OPENED = "payout_batch.opened", "Payout batch opened"
    BATCH_APPROVED = "payout_batch.approved", "Payout batch approved"
    BATCH_EXPORTED = "payout_batch.exported", "Payout batch exported"
    BATCH_SETTLED = "payout_batch.settled", "Payout batch settled"
    BATCH_CANCELLED = "payout_batch.cancelled", "Payout batch cancelled"
    BANK_FILE_READ = "bank_file.read", "Bank file read"
    CREDIT_ISSUED = "store_credit.issued", "Store credit issued"
    CREDIT_SPENT = "store_credit.spent", "Store credit spent"
    CREDIT_VOIDED = "store_credit.voided", "Store credit voided"
    CREDIT_EXPIRED = "store_credit.expired", "Store credit expired"


# What a step that refunds and collections share is called when money comes in.
OF_COLLECTION: Mapping[str, str] = {
    Event.REFUND_PROMISED: Event.COLLECTION_PROMISED,
    Event.REFUND_SENT: Event.COLLECTION_SENT,
    Event.REFUND_SUCCEEDED: Event.COLLECTION_SUCCEEDED,
    Event.REFUND_UNKNOWN: Event.COLLECTION_UNKNOWN,
    Event.REFUND_UNANSWERED: Event.COLLECTION_UNANSWERED,
    Event.REFUND_FAILED: Event.COLLECTION_FAILED,
    Event.REFUND_RETRIED: Event.COLLECTION_RETRIED,
    Event.REFUND_CANCELLED: Event.COLLECTION_CANCELLED,
}


def _moves(table: Mapping[str, tuple[str, ...]]) -> Mapping[str, frozenset[str]]:
    return {str(source): frozenset(map(str, targets)) for source, targets in table.items()}


class Payment:
    class Gateway(models.TextChoices):
        STORE_CREDIT = "store_credit", "Store credit"
        BANK_TRANSFER = "bank_transfer", "Bank transfer"
        MANUAL = "manual", "Recorded by hand"
        STRIPE = "stripe", "Stripe"
        PAYPAL = "paypal", "PayPal"
        ADYEN = "adyen", "Adyen"
        MOLLIE = "mollie", "Mollie"
        PLATFORM = "platform", "Through the shop's platform"
        SHOP_CREDIT = "shop_credit", "Store credit at the shop"

    class Environment(models.TextChoices):
        LIVE = "live", "Live"
        TEST = "test", "Test"

    class Direction(models.TextChoices):
        OUT = "out", "Out to the shopper"
        IN = "in", "In from the shopper"

    class Purpose(models.TextChoices):
        REFUND = "refund", "Refund"
        ADVANCE = "advance", "Advance"
        PRICE_DIFFERENCE = "price_difference", "Price difference"
        FEE = "fee", "Fee"
        RECOVERY = "recovery", "Recovery"
        MANUAL = "manual", "By hand"
        ADJUSTMENT = "adjustment", "Adjustment"

    class Status(models.TextChoices):
        PENDING = "pending", "Pending"
        PROCESSING = "processing", "Processing"
        UNKNOWN = "unknown", "Unknown"
        SUCCEEDED = "succeeded", "Succeeded"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"
        RETURNED = "returned", "Returned"
        REQUIRES_ACTION = "requires_action", "Waits for the shopper"
        AUTHORISED = "authorised", "On its way in"
        VOIDED = "voided", "Let go"
        EXPIRED = "expired", "Expired"
        REFUNDED = "refunded", "Given back"
        PARTLY_REFUNDED = "partly_refunded", "Partly given back"
        DISPUTED = "disputed", "Disputed"

    LIVE = (Status.PENDING, Status.PROCESSING, Status.UNKNOWN, Status.SUCCEEDED)
    # Sent by workers without a person or a batch.
    VENDORS = (Gateway.PAYPAL, Gateway.ADYEN, Gateway.MOLLIE)
    CREDIT = (Gateway.STORE_CREDIT, Gateway.SHOP_CREDIT)
    ALONE = (*CREDIT, Gateway.STRIPE, *VENDORS, Gateway.PLATFORM)
    # Money came in, whatever became of it later.
    COLLECTED = (Status.SUCCEEDED, Status.REFUNDED, Status.PARTLY_REFUNDED, Status.DISPUTED)
    PAID = (*COLLECTED, Status.RETURNED)
    # With the provider or the shopper: asked about by a sweeper when the lease ends.
    UNDER_WAY = (Status.PROCESSING, Status.UNKNOWN, Status.REQUIRES_ACTION, Status.AUTHORISED)
    COLLECTING = (Status.PENDING, *UNDER_WAY)
    OWED = (Status.FAILED, Status.CANCELLED, Status.RETURNED)
    # Sent, and nobody has said what became of it: what is under way has a reference or no lease.
    UNHEARD = models.Q(
        status__in=(Status.PROCESSING, Status.UNKNOWN), lease_until__isnull=False, provider_ref=""
    )
    TRANSITIONS = _moves(
        {
            Status.PENDING: (Status.PROCESSING, Status.CANCELLED),
            Status.PROCESSING: (Status.SUCCEEDED, Status.FAILED, Status.UNKNOWN),
            Status.UNKNOWN: (Status.PROCESSING, Status.SUCCEEDED, Status.FAILED),
            Status.FAILED: (Status.PENDING,),
            Status.SUCCEEDED: (Status.RETURNED,),
        }
    )

    # A refusal after all may still be a success: the shopper's bank has the last word.
    COLLECTION_TRANSITIONS = _moves(
        {
            Status.PENDING: (Status.PROCESSING, Status.CANCELLED),
            Status.PROCESSING: (
                Status.UNKNOWN,
                Status.REQUIRES_ACTION,
                Status.AUTHORISED,
                Status.SUCCEEDED,
                Status.FAILED,
                Status.EXPIRED,
            ),
            Status.UNKNOWN: (
                Status.PROCESSING,
                Status.REQUIRES_ACTION,
                Status.AUTHORISED,
                Status.SUCCEEDED,
                Status.FAILED,
                Status.EXPIRED,
            ),
            Status.REQUIRES_ACTION: (
                Status.AUTHORISED,
                Status.SUCCEEDED,
                Status.FAILED,
                Status.EXPIRED,
            ),
            Status.AUTHORISED: (
                Status.SUCCEEDED,
                Status.FAILED,
                Status.VOIDED,
                Status.EXPIRED,
            ),
            Status.FAILED: (Status.PENDING, Status.SUCCEEDED),
            Status.SUCCEEDED: (Status.REFUNDED, Status.PARTLY_REFUNDED, Status.DISPUTED),
            Status.PARTLY_REFUNDED: (Status.REFUNDED, Status.SUCCEEDED, Status.DISPUTED),
            Status.REFUNDED: (Status.PARTLY_REFUNDED, Status.SUCCEEDED, Status.DISPUTED),
            Status.DISPUTED: (Status.SUCCEEDED, Status.REFUNDED, Status.PARTLY_REFUNDED),
        }
    )

    class Outcome(models.TextChoices):
        """What a gateway says of one payment; `absent` means that it never heard of it."""

        SUCCEEDED = "succeeded", "Succeeded"
        IN_TRANSIT = "in_transit", "In transit"
        FAILED = "failed", "Failed"
        UNKNOWN = "unknown", "Unknown"
        ABSENT = "absent", "Absent"
        OFFERED = "offered", "Waits for the shopper"
        EXPIRED = "expired", "Expired"


class SavedCard:
    class Status(models.TextChoices):
        CONSENTED = "consented", "Consented, no card yet"
        READY = "ready", "Ready"
        REFUSED = "refused", "Refused for good"
        DROPPED = "dropped", "Dropped"

    TRANSITIONS = _moves(
        {
            Status.CONSENTED: (Status.READY, Status.DROPPED),
            Status.READY: (Status.REFUSED, Status.DROPPED),
            # Nobody may charge it any more; the provider still has it.
            Status.REFUSED: (Status.DROPPED,),
        }
    )


class StoreCredit:
    class Movement(models.TextChoices):
        ISSUE = "issue", "Issued"
        SPEND = "spend", "Spent"
        VOID = "void", "Voided"
        EXPIRE = "expire", "Expired"


class BankTransferBatch:
    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        APPROVED = "approved", "Approved"
        EXPORTED = "exported", "Exported"
        SETTLED = "settled", "Settled"
        CANCELLED = "cancelled", "Cancelled"

    TRANSITIONS = _moves(
        {
            Status.DRAFT: (Status.APPROVED, Status.CANCELLED),
            Status.APPROVED: (Status.EXPORTED, Status.CANCELLED),
            Status.EXPORTED: (Status.SETTLED,),
        }
    )
