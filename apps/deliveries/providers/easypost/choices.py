"""EasyPost's words and what they mean here (docs.easypost.com, checked against SDK 10.7.0)."""

from collections.abc import Mapping

from apps.deliveries import choices

Kind = choices.Tracking.Kind

# `failure` says no more than that something went wrong, also before anybody held the parcel, so
# that no money may go out on it.
KINDS: Mapping[str, Kind] = {
    "unknown": Kind.UNKNOWN,
    "pre_transit": Kind.LABEL_MADE,
    "in_transit": Kind.IN_TRANSIT,
    "out_for_delivery": Kind.OUT_FOR_DELIVERY,
    "available_for_pickup": Kind.READY_FOR_PICKUP,
    "delivered": Kind.DELIVERED,
    "return_to_sender": Kind.RETURNED_TO_SENDER,
    "failure": Kind.ON_HOLD,
    "cancelled": Kind.CANCELLED,
    "error": Kind.UNKNOWN,
}

# A label whose price was given back, or will be, is void already.
VOID = ("submitted", "refunded")
BOUGHT_ALREADY = "SHIPMENT.POSTAGE.EXISTS"
