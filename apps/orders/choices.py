"""Every status, wish and reason of orders and returns, with the moves that are allowed."""

from collections.abc import Mapping

from django.db import models


class Event(models.TextChoices):
    ORDER_IMPORTED = "order.imported", "Order imported"
    ORDER_UPDATED = "order.updated", "Order updated"
    RETURN_REQUESTED = "return.requested", "Return waits for approval"
    RETURN_PAYMENT_DUE = "return.payment_due", "Return waits for a payment"
    RETURN_OPENED = "return.opened", "Return opened"
    RETURN_APPROVED = "return.approved", "Return approved"
    RETURN_SHIPPED = "return.shipped", "Parcel on its way"
    RETURN_RECEIVED = "return.received", "Goods received"
    RETURN_FOR_REVIEW = "return.for_review", "Units parked for review"
    RETURN_UNIT_DECIDED = "return.unit_decided", "Units decided"
    RETURN_ACCEPTED = "return.accepted", "Return accepted"
    RETURN_PARTLY_ACCEPTED = "return.partly_accepted", "Return partly accepted"
    RETURN_REJECTED = "return.rejected", "Return rejected"
    RETURN_CANCELLED = "return.cancelled", "Return cancelled"
    RETURN_REFUND_METHOD_CHANGED = "return.refund_method_changed", "Refund method changed"
    RETURN_NOTED = "return.noted", "Note added"
    RETURN_LANDED = "return.landed", "Parcel delivered"
    RETURN_REMINDED = "return.reminded", "Reminder due: parcel not shipped"
    EXCHANGE_REQUESTED = "exchange.requested", "Exchange requested"
    EXCHANGE_RESERVED = "exchange.reserved", "Exchange goods reserved"
    EXCHANGE_OUT_OF_STOCK = "exchange.out_of_stock", "Exchange goods out of stock"
    EXCHANGE_REPLACED = "exchange.replaced", "Exchange replaced by a refund"
    EXCHANGE_ORDERED = "exchange.ordered", "Exchange ordered"
    EXCHANGE_FULFILLED = "exchange.fulfilled", "Exchange fulfilled"
    EXCHANGE_CANCELLED = "exchange.cancelled", "Exchange cancelled"
    ADVANCE_SHORT = "advance.short", "Advance not earned"
    POLICY_PUBLISHED = "policy.published", "Policy published"
    STOCK_RESTOCKED = "stock.restocked", "Units restocked"
    ADVANCE_GRANTED = "advance.granted", "Advance granted"
    ADVANCE_RELEASED = "advance.released", "Part of the advance released"
    ADVANCE_RECLAIMED = "advance.reclaimed", "Unused credit of the advance to be taken back"
    ADVANCE_CLOSED = "advance.closed", "Advance closed"
    ADVANCE_UNWOUND = "advance.unwound", "Advance unwound"
    COVER_ENDING = "cover.ending", "Cover ends soon: decide the units"
    COVER_ENDED = "cover.ended", "Cover ended"
    ORDER_ANONYMIZED = "order.anonymized", "Personal data of the order erased"


def _moves(table: Mapping[str, tuple[str, ...]]) -> Mapping[str, frozenset[str]]:
    return {str(source): frozenset(map(str, targets)) for source, targets in table.items()}


class Order:
    class TenderKind(models.TextChoices):
        CARD = "card", "Card"
        CREDIT = "credit", "Store credit"
        GIFT_CARD = "gift_card", "Gift card"
        BANK = "bank", "Bank transfer"
        CASH = "cash", "Cash"
        OTHER = "other", "Other"


class Return:
    class Type(models.TextChoices):
        REFUND = "refund", "Refund"
        EXCHANGE = "exchange", "Exchange"
        MIXED = "mixed", "Mixed"

    class Mode(models.TextChoices):
        INSTANT = "instant", "Instant"
        STANDARD = "standard", "Standard"

    class FiledBy(models.TextChoices):
        SHOPPER = "shopper", "Shopper"
        STAFF = "staff", "Staff"
        API = "api", "API"
        PLATFORM = "platform", "Platform"

    class RefundMethod(models.TextChoices):
        ORIGINAL = "original", "Original payment method"
        BANK_TRANSFER = "bank_transfer", "Bank transfer"
        STORE_CREDIT = "store_credit", "Store credit"
        ELSEWHERE = "elsewhere", "Refunded elsewhere"

    class Status(models.TextChoices):
        REQUESTED = "requested", "Requested"
        IN_PROGRESS = "in_progress", "In progress"
        SHIPPED = "shipped", "Shipped"
        RECEIVED = "received", "Received"
        FOR_REVIEW = "for_review", "For review"
        ACCEPTED = "accepted", "Accepted"
        PARTLY_ACCEPTED = "partly_accepted", "Partly accepted"
        REJECTED = "rejected", "Rejected"
        CANCELLED = "cancelled", "Cancelled"

    DECIDED = (Status.ACCEPTED, Status.PARTLY_ACCEPTED, Status.REJECTED)
    FINAL = (*DECIDED, Status.CANCELLED)
    TRANSITIONS = _moves(
        {
            Status.REQUESTED: (Status.IN_PROGRESS, Status.REJECTED, Status.CANCELLED),
            Status.IN_PROGRESS: (
                Status.SHIPPED,
                Status.RECEIVED,
                Status.FOR_REVIEW,
                *DECIDED,
                Status.CANCELLED,
            ),
            Status.SHIPPED: (Status.RECEIVED, Status.FOR_REVIEW, *DECIDED, Status.CANCELLED),
            Status.RECEIVED: (Status.FOR_REVIEW, *DECIDED),
            Status.FOR_REVIEW: DECIDED,
        }
    )


class ReturnLineItem:
    class Wish(models.TextChoices):
        REFUND = "refund", "Refund"
        EXCHANGE = "exchange", "Exchange"

    class Reception(models.TextChoices):
        AWAITING = "awaiting", "Awaiting"
        RECEIVED = "received", "Received"
        KEPT = "kept", "Kept by the shopper"
        MISSING = "missing", "Missing"
        CANCELLED = "cancelled", "Cancelled"

    RECEPTION_TRANSITIONS = _moves(
        {
            Reception.AWAITING: (
                Reception.RECEIVED,
                Reception.KEPT,
                Reception.MISSING,
                Reception.CANCELLED,
            ),
            # The parcel came, and these units were not in it.
            Reception.RECEIVED: (Reception.MISSING,),
        }
    )

    class Decision(models.TextChoices):
        PENDING = "pending", "Pending"
        FOR_REVIEW = "for_review", "For review"
        ACCEPTED = "accepted", "Accepted"
        REJECTED = "rejected", "Rejected"

    DECISION_TRANSITIONS = _moves(
        {
            Decision.PENDING: (Decision.ACCEPTED, Decision.REJECTED, Decision.FOR_REVIEW),
            Decision.FOR_REVIEW: (Decision.ACCEPTED, Decision.REJECTED),
        }
    )

    class Disposition(models.TextChoices):
        RESTOCKED = "restocked", "Restocked"
        NOT_RESTOCKED = "not_restocked", "Not restocked"
        PROCESSING_REQUIRED = "processing_required", "Processing required"
        MISSING = "missing", "Missing"

    class Grade(models.TextChoices):
        A = "A", "As new"
        B = "B", "Opened"
        C = "C", "Worn or damaged"
        D = "D", "Not sellable"


class ExchangeLineItem:
    class Fallback(models.TextChoices):
        REFUND = "refund", "Refund"
        CREDIT = "credit", "Store credit"

    class Status(models.TextChoices):
        REQUESTED = "requested", "Requested"
        RESERVED = "reserved", "Reserved"
        ORDERED = "ordered", "Ordered"
        FULFILLED = "fulfilled", "Fulfilled"
        OUT_OF_STOCK = "out_of_stock", "Out of stock"
        REPLACED = "replaced", "Replaced"
        CANCELLED = "cancelled", "Cancelled"

    TRANSITIONS = _moves(
        {
            Status.REQUESTED: (Status.RESERVED, Status.OUT_OF_STOCK),
            Status.RESERVED: (Status.ORDERED, Status.OUT_OF_STOCK, Status.CANCELLED),
            Status.OUT_OF_STOCK: (Status.REPLACED,),
            Status.ORDERED: (Status.FULFILLED, Status.CANCELLED),
        }
    )


class Advance:
    """Money before inspection: the parts of it, and why a shopper owes some of it."""

    class PartStatus(models.TextChoices):
        WAITING = "waiting", "Waiting"
        RELEASED = "released", "Released"
        CANCELLED = "cancelled", "Cancelled"

    PART_TRANSITIONS = _moves({PartStatus.WAITING: (PartStatus.RELEASED, PartStatus.CANCELLED)})

    class Cause(models.TextChoices):
        REJECTED = "rejected", "Rejected"
        MISSING = "missing", "Missing from the parcel"
        NOT_RETURNED = "not_returned", "Not returned"
        CHANGED_MIND = "changed_mind", "Kept by the shopper"

    class Standard(models.TextChoices):
        """Why nothing goes out before the goods are accepted."""

        FILED_BY_STORE = "filed_by_store", "Filed by the store"
        HELD = "held_for_approval", "The store looks at the request first"
        RULE = "excluded_by_rule", "A rule of the store excludes the goods"
        GOODS_KEPT = "goods_kept", "Nothing comes back"
        NOTHING = "nothing_to_advance", "Nothing goes out"
        CURRENCY = "currency_not_transferred", "No bank transfers in this currency"
        LATER = "after_inspection", "Not before the goods are accepted"


class ReturnReason:
    class Fault(models.TextChoices):
        MERCHANT = "merchant", "Merchant"
        CARRIER = "carrier", "Carrier"
        SHOPPER = "shopper", "Shopper"


class Policy:
    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        PUBLISHED = "published", "Published"
        RETIRED = "retired", "Retired"

    class Action(models.TextChoices):
        BLOCK = "block", "Refuse"
        PAUSE = "pause", "Hold for approval"
        ALLOW = "allow", "Allow"
        WAIVE_FEE = "waive_fee", "Waive the fee"
        NO_INSTANT = "no_instant", "Never instant"

    class Field(models.TextChoices):
        SKU = "sku", "SKU"
        PRODUCT = "product_id", "Product"
        CATEGORY = "category", "Category"
        TAG = "order_tag", "Order tag"
        COUNTRY = "country", "Shipping country"
        REASON = "reason", "Reason"
        WISH = "wish", "Wish"
        LINE_TOTAL = "line_total", "Line total in minor units"
        ORDER_TOTAL = "order_total", "Order total in minor units"
        DISCOUNT_PERCENT = "discount_percent", "Discount in percent"
        DAYS_SINCE_START = "days", "Days since the window began"
        CUSTOMER_TAG = "customer_tag", "Customer tag"

    class Operator(models.TextChoices):
        IN = "in", "is one of"
        NOT_IN = "not_in", "is none of"
        GLOB = "glob", "matches"
        AT_LEAST = "gte", "is at least"
        AT_MOST = "lte", "is at most"


class StockReservation:
    class Status(models.TextChoices):
        HELD = "held", "Held"
        USED = "used", "Used"
        RELEASED = "released", "Released"
        EXPIRED = "expired", "Expired"

    TRANSITIONS = _moves({Status.HELD: (Status.USED, Status.RELEASED, Status.EXPIRED)})


class ImportJob:
    class Kind(models.TextChoices):
        ORDERS_CSV = "orders_csv", "Orders from CSV"

    class Status(models.TextChoices):
        WAITING = "waiting", "Waiting"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"

    TRANSITIONS = _moves(
        {
            Status.WAITING: (Status.RUNNING, Status.FAILED),
            Status.RUNNING: (Status.DONE, Status.FAILED, Status.RUNNING),
        }
    )
