"""The units a shopper sends back, and what they want for them; sums are never taken."""

from dataclasses import dataclass
from typing import Any, override
from uuid import UUID

from rest_framework import serializers

from apps.api.common.fields import (
    StrictCharField,
    StrictChoiceField,
    StrictIntegerField,
    StrictListField,
    StrictUUIDField,
)
from apps.api.common.forms import Form
from apps.api.returns import limits
from apps.orders import choices
from apps.orders.dtos import UnitWish

MOST_PARCELS = 20
Wish = choices.ReturnLineItem.Wish


@dataclass(frozen=True, slots=True)
class QuoteWanted:
    """`method` is the code of a return method; empty where the store has none."""

    units: tuple[UnitWish, ...]
    method: str = ""
    parcels: int = 1

    @property
    def photos(self) -> set[UUID]:
        return {UUID(image) for unit in self.units for image in unit.images}


class UnitForm(Form[UnitWish]):
    """An exchange names its `variant_id`; `fallback` says what happens when that runs out."""

    into = UnitWish
    line = StrictUUIDField(source="line_id")
    quantity = StrictIntegerField(min_value=1, max_value=100_000)
    wish = StrictChoiceField(choices=Wish.choices, required=False, default=Wish.REFUND)
    reason = StrictCharField(max_length=40, required=False)
    sub_reason = StrictCharField(max_length=40, required=False)
    comment = StrictCharField(max_length=1000, lines=True, required=False, allow_blank=True)
    images = StrictListField(
        child=StrictUUIDField(), max_length=limits.MAX_PHOTOS_PER_LINE, required=False
    )
    variant_id = StrictCharField(max_length=80, required=False)
    fallback = StrictChoiceField(choices=choices.ExchangeLineItem.Fallback.choices, required=False)

    @override
    def build(self, values: dict[str, Any]) -> UnitWish:
        exchange = values["wish"] == Wish.EXCHANGE
        if exchange != bool(values.get("variant_id")):
            message = "An exchange, and only that, names a variant."
            raise serializers.ValidationError({"variant_id": [message]}, code="variant_of_exchange")
        values["images"] = tuple(str(image) for image in values.get("images", ()))
        return super().build(values)


class QuoteForm(Form[QuoteWanted]):
    into = QuoteWanted
    units = UnitForm(  # type: ignore[call-arg]
        many=True, min_length=1, max_length=limits.MAX_LINES
    )
    method = StrictCharField(max_length=40, required=False)
    parcels = StrictIntegerField(min_value=1, max_value=MOST_PARCELS, required=False)

    @override
    def build(self, values: dict[str, Any]) -> QuoteWanted:
        values["units"] = tuple(values["units"])
        if sum(len(unit.images) for unit in values["units"]) > limits.MAX_PHOTOS:
            message = f"At most {limits.MAX_PHOTOS} photos."
            raise serializers.ValidationError({"units": [message]}, code="too_many_photos")
        return super().build(values)
