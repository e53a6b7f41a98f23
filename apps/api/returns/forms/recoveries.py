"""What a shopper says of a sum that is asked back."""

from dataclasses import dataclass
from typing import Any, override

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
from apps.orders.modules.recoveries import choices
from apps.orders.modules.recoveries.dtos import Contest


@dataclass(frozen=True, slots=True)
class Split:
    count: int


class ContestForm(Form[Contest]):
    """Who says that the goods were sent shows it: a tracking number or a photo."""

    into = Contest
    kind = StrictChoiceField(choices=choices.Recovery.Contest.choices)
    text = StrictCharField(max_length=1000, lines=True, required=False, allow_blank=True)
    tracking_number = StrictCharField(max_length=60, required=False)
    carrier = StrictCharField(max_length=60, required=False)
    images = StrictListField(child=StrictUUIDField(), max_length=limits.MAX_PHOTOS, required=False)

    @override
    def build(self, values: dict[str, Any]) -> Contest:
        proof = values.get("tracking_number") or values.get("images")
        if values["kind"] == choices.Recovery.Contest.SENT and not proof:
            message = "Name the tracking number, or add a photo of the receipt."
            raise serializers.ValidationError({"tracking_number": [message]}, code="proof_needed")
        values["images"] = tuple(str(image) for image in values.get("images", ()))
        return super().build(values)


class SplitForm(Form[Split]):
    into = Split
    count = StrictIntegerField(min_value=2, max_value=3)
