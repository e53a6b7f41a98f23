from apps.deliveries.models.account import CarrierAccount
from apps.deliveries.models.drop_off import DropOffPoint
from apps.deliveries.models.method import ReturnMethod, ReturnMethodPrice
from apps.deliveries.models.parcel import Label, Parcel
from apps.deliveries.models.shipment import Shipment
from apps.deliveries.models.tracking import TrackingEvent

__all__ = [
    "CarrierAccount",
    "DropOffPoint",
    "Label",
    "Parcel",
    "ReturnMethod",
    "ReturnMethodPrice",
    "Shipment",
    "TrackingEvent",
]
