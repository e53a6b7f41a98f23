"""Return methods with their prices, and where parcels are handed in."""

from typing import Any

from apps.api.returns.methods import OUTCOMES
from apps.deliveries.dtos import MethodOffer
from apps.deliveries.models import DropOffPoint, ReturnMethod

MOST_POINTS = 10
ADDRESS = ("street", "street2", "postcode", "city", "region", "country")


def method_shape(method: ReturnMethod, offers: dict[str, MethodOffer]) -> dict[str, Any]:
    choice = next(iter(offers.values())).choice
    return {
        "code": choice.code,
        "name": choice.name,
        "kind": choice.kind,
        "keeps_goods": choice.keeps_goods,
        "price_per": "parcel" if choice.per_parcel else "request",
        "prices": {
            outcome: offers[outcome].choice.price if offers[outcome].is_offered else None
            for outcome in OUTCOMES
        },
    }


def point_shape(point: DropOffPoint) -> dict[str, Any]:
    return {
        "name": point.name,
        "address": {key: str(point.address.get(key) or "") for key in ADDRESS},
        "opening_hours": point.opening_hours,
    }
