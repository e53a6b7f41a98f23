"""Every status and kind of deliveries, with the moves that are allowed."""

from collections.abc import Mapping

from django.db import models


class Event(models.TextChoices):
    LABEL_READY = "label.ready", "Label ready"
    LABEL_FAILED = "label.failed", "Label failed"
    LABEL_VOIDED = "label.voided", "Label voided"
    LABEL_EXPIRED = "label.expired", "Label expired"
    SHIPMENT_HANDED_IN = "shipment.handed_in", "Handed in at a shop"
    SHIPMENT_NUMBERED = "shipment.numbered", "Tracking number entered"
    SHIPMENT_IN_TRANSIT = "shipment.in_transit", "Parcel in transit"
    SHIPMENT_OUT_FOR_DELIVERY = "shipment.out_for_delivery", "Parcel out for delivery"
    SHIPMENT_DELIVERED = "shipment.delivered", "Parcel delivered"
    SHIPMENT_EXCEPTION = "shipment.exception", "Parcel held up"
    SHIPMENT_LOST = "shipment.lost", "Parcel lost"
    SHIPMENT_RETURNED_TO_SENDER = "shipment.returned_to_sender", "Parcel went back to the sender"


def _moves(table: Mapping[str, tuple[str, ...]]) -> Mapping[str, frozenset[str]]:
    return {str(source): frozenset(map(str, targets)) for source, targets in table.items()}


class Provider(models.TextChoices):
    """The folders of providers/; a test compares both."""

    OWN = "own", "Made by the product"
    EASYPOST = "easypost", "EasyPost"


class ReturnMethod:
    class Type(models.TextChoices):
        OWN_LABEL = "own_label", "The shopper posts it with an address label"
        DROP_OFF = "drop_off", "Hand-in in a shop"
        MERCHANT_LABEL = "merchant_label", "A label that the merchant supplies"
        CARRIER = "carrier", "A label bought from a carrier"

    class Outcome(models.TextChoices):
        ANY = "any", "Any"
        REFUND = "refund", "Refund"
        EXCHANGE = "exchange", "Exchange"
        STORE_CREDIT = "store_credit", "Store credit"

    class NotOffered(models.TextChoices):
        NOT_PRICED = "not_priced", "No price for this region and outcome"
        OTHER_CURRENCY = "other_currency", "Priced in another currency only"
        NO_ADDRESS = "no_address", "No location takes returns"
        NO_DROP_OFF_POINT = "no_drop_off_point", "No drop-off point in this country"
        NO_ACCOUNT = "no_account", "The carrier account is missing or switched off"
        COUNTRY_NOT_SERVED = "country_not_served", "The carrier does not serve this country"


class Shipment:
    class Direction(models.TextChoices):
        RETURN = "return", "Shopper to merchant"

    class Status(models.TextChoices):
        PENDING = "pending", "Pending"
        LABEL_READY = "label_ready", "Label ready"
        LABEL_FAILED = "label_failed", "Label failed"
        IN_TRANSIT = "in_transit", "In transit"
        OUT_FOR_DELIVERY = "out_for_delivery", "Out for delivery"
        DELIVERED = "delivered", "Delivered"
        VOIDED = "voided", "Voided"
        EXPIRED = "expired", "Label expired"
        EXCEPTION = "exception", "Exception"
        LOST = "lost", "Lost"
        RETURNED_TO_SENDER = "returned_to_sender", "Returned to sender"

    MOVING = (
        Status.IN_TRANSIT,
        Status.OUT_FOR_DELIVERY,
        Status.DELIVERED,
        Status.EXCEPTION,
        Status.LOST,
        Status.RETURNED_TO_SENDER,
    )
    # Nothing more comes of it: the same return may get another shipment.
    GONE = (Status.LOST, Status.RETURNED_TO_SENDER)
    # A label that was voided or ran out may still be used by the shopper: scans are believed.
    TRANSITIONS = _moves(
        {
            Status.PENDING: (
                Status.LABEL_READY,
                Status.LABEL_FAILED,
                Status.VOIDED,
                *MOVING,
            ),
            Status.LABEL_FAILED: (Status.LABEL_READY, Status.VOIDED, *MOVING),
            Status.LABEL_READY: (Status.PENDING, Status.VOIDED, Status.EXPIRED, *MOVING),
            Status.VOIDED: (Status.LABEL_READY, Status.LABEL_FAILED, *MOVING),
            Status.EXPIRED: (
                Status.LABEL_READY,
                Status.LABEL_FAILED,
                Status.VOIDED,
                *MOVING,
            ),
            Status.IN_TRANSIT: (
                Status.OUT_FOR_DELIVERY,
                Status.DELIVERED,
                Status.EXCEPTION,
                Status.LOST,
                Status.RETURNED_TO_SENDER,
            ),
            Status.OUT_FOR_DELIVERY: (
                Status.IN_TRANSIT,
                Status.DELIVERED,
                Status.EXCEPTION,
                Status.LOST,
                Status.RETURNED_TO_SENDER,
            ),
            Status.EXCEPTION: (
                Status.IN_TRANSIT,
                Status.OUT_FOR_DELIVERY,
                Status.DELIVERED,
                Status.LOST,
                Status.RETURNED_TO_SENDER,
            ),
            Status.LOST: (
                Status.IN_TRANSIT,
                Status.OUT_FOR_DELIVERY,
                Status.DELIVERED,
                Status.RETURNED_TO_SENDER,
            ),
        }
    )
    EVENTS: Mapping[str, Event] = {
        Status.IN_TRANSIT: Event.SHIPMENT_IN_TRANSIT,
        Status.OUT_FOR_DELIVERY: Event.SHIPMENT_OUT_FOR_DELIVERY,
        Status.DELIVERED: Event.SHIPMENT_DELIVERED,
        Status.EXCEPTION: Event.SHIPMENT_EXCEPTION,
        Status.LOST: Event.SHIPMENT_LOST,
        Status.RETURNED_TO_SENDER: Event.SHIPMENT_RETURNED_TO_SENDER,
    }


class Label:
    class Format(models.TextChoices):
        PDF = "pdf", "PDF"
        ZPL = "zpl", "ZPL"
        PNG = "png", "PNG"

    class Status(models.TextChoices):
        ASKED = "asked", "Asked for"
        READY = "ready", "Ready"
        FAILED = "failed", "Failed"
        USED = "used", "Used"
        VOIDED = "voided", "Voided"
        EXPIRED = "expired", "Expired"

    DEAD = (Status.VOIDED, Status.EXPIRED)
    TRANSITIONS = _moves(
        {
            Status.ASKED: (Status.READY, Status.FAILED, Status.VOIDED),
            Status.FAILED: (Status.ASKED, Status.VOIDED),
            Status.READY: (Status.USED, Status.VOIDED, Status.EXPIRED),
        }
    )


class Tracking:
    class Kind(models.TextChoices):
        LABEL_MADE = "label_made", "Label made"
        HANDED_IN = "handed_in", "Handed in at a shop"
        PICKED_UP = "picked_up", "Picked up"
        IN_TRANSIT = "in_transit", "In transit"
        READY_FOR_PICKUP = "ready_for_pickup", "Waiting at a pick-up point"
        OUT_FOR_DELIVERY = "out_for_delivery", "Out for delivery"
        DELIVERED = "delivered", "Delivered"
        DELAYED = "delayed", "Delayed"
        DELIVERY_FAILED = "delivery_failed", "Delivery failed"
        ON_HOLD = "on_hold", "On hold"
        LOST = "lost", "Lost"
        RETURNED_TO_SENDER = "returned_to_sender", "Returned to sender"
        CANCELLED = "cancelled", "Cancelled"
        UNKNOWN = "unknown", "Unknown"

    # Kinds that move the shipment; the others are kept for the timeline only.
    STATUS_OF: Mapping[str, Shipment.Status] = {
        Kind.HANDED_IN: Shipment.Status.IN_TRANSIT,
        Kind.PICKED_UP: Shipment.Status.IN_TRANSIT,
        Kind.IN_TRANSIT: Shipment.Status.IN_TRANSIT,
        Kind.READY_FOR_PICKUP: Shipment.Status.IN_TRANSIT,
        Kind.OUT_FOR_DELIVERY: Shipment.Status.OUT_FOR_DELIVERY,
        Kind.DELIVERED: Shipment.Status.DELIVERED,
        Kind.DELIVERY_FAILED: Shipment.Status.EXCEPTION,
        Kind.ON_HOLD: Shipment.Status.EXCEPTION,
        Kind.LOST: Shipment.Status.LOST,
        Kind.RETURNED_TO_SENDER: Shipment.Status.RETURNED_TO_SENDER,
    }
    # Somebody held the parcel in their hands: the shopper gave it away.
    PHYSICAL = frozenset(
        {
            Kind.HANDED_IN,
            Kind.PICKED_UP,
            Kind.IN_TRANSIT,
            Kind.READY_FOR_PICKUP,
            Kind.OUT_FOR_DELIVERY,
            Kind.DELIVERED,
            Kind.DELIVERY_FAILED,
            Kind.RETURNED_TO_SENDER,
        }
    )
