"""A return that staff open for a shopper: what comes back, then which quote it is."""

from dataclasses import dataclass
from typing import Any, override
from uuid import UUID

from rest_framework import serializers

from apps.api.common.fields import (
    StrictCharField,
    StrictChoiceField,
    StrictIntegerField,
    StrictUUIDField,
)
from apps.api.common.forms import Form
from apps.api.merchants.forms.common import words
from apps.orders import choices
from apps.orders.dtos import UnitWish

MOST_LINES, MOST_PARCELS = 50, 20
Wish = choices.ReturnLineItem.Wish


@dataclass(frozen=True, slots=True)
class QuoteWanted:
    """`method` is the code of a return method, empty for none."""

    units: tuple[UnitWish, ...]
    method: str = ""
    parcels: int = 1


class UnitForm(Form[UnitWish]):
    into = UnitWish
    line = StrictUUIDField(source="line_id")
    quantity = StrictIntegerField(min_value=1, max_value=100_000)
    wish = StrictChoiceField(choices=Wish.choices, required=False, default=Wish.REFUND)
    reason = StrictCharField(max_length=40, required=False)
    sub_reason = StrictCharField(max_length=40, required=False)
    comment = words()
    variant_id = StrictCharField(max_length=80, required=False)
    fallback = StrictChoiceField(choices=choices.ExchangeLineItem.Fallback.choices, required=False)

    @override
    def build(self, values: dict[str, Any]) -> UnitWish:
        if (values["wish"] == Wish.EXCHANGE) != bool(values.get("variant_id")):
            message = "An exchange, and only that, names a variant."
            raise serializers.ValidationError({"variant_id": [message]}, code="variant_of_exchange")
        return super().build(values)


class QuoteForm(Form[QuoteWanted]):
    into = QuoteWanted
    units = UnitForm.list_of(min_length=1, max_length=MOST_LINES)
    method = StrictCharField(max_length=40, required=False)
    parcels = StrictIntegerField(min_value=1, max_value=MOST_PARCELS, required=False)

    @override
    def build(self, values: dict[str, Any]) -> QuoteWanted:
        values["units"] = tuple(values["units"])
        return super().build(values)


@dataclass(frozen=True, slots=True)
class ReturnWanted:
    quote: UUID
    refund_method: str
    note: str = ""


class ReturnForm(Form[ReturnWanted]):
    into = ReturnWanted
    quote = StrictUUIDField()
    refund_method = StrictChoiceField(choices=("original", "bank_transfer", "store_credit"))
    note = words()
