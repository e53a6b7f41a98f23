"""What a third party may decide about a return."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, override

from rest_framework import serializers

from apps.api.common.fields import (
    StrictCharField,
    StrictChoiceField,
    StrictDateTimeField,
    StrictIntegerField,
    StrictListField,
    StrictUUIDField,
)
from apps.api.common.forms import Form
from apps.api.common.pages import Ordering, PageForm
from apps.orders import choices
from apps.orders.dtos import UnitDecision

OUTCOMES = ("accepted", "rejected", "missing", "for_review")


@dataclass(frozen=True, slots=True)
class ReturnFilters:
    store: str = ""
    status: str = ""
    number: str = ""
    order: str = ""


@dataclass(frozen=True, slots=True)
class Nothing:
    """A call that says all by being made."""


@dataclass(frozen=True, slots=True)
class Rejection:
    reason: str


@dataclass(frozen=True, slots=True)
class Reception:
    received_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Decisions:
    units: tuple[UnitDecision, ...]


class NothingForm(Form[Nothing]):
    into = Nothing


class RejectionForm(Form[Rejection]):
    into = Rejection
    reason = StrictCharField(max_length=1000, lines=True)


class ReceptionForm(Form[Reception]):
    into = Reception
    received_at = StrictDateTimeField(required=False)


class UnitDecisionForm(Form[UnitDecision]):
    """`line` is the return line; without `quantity` all its units; a rejection needs a reason."""

    into = UnitDecision
    line = StrictUUIDField(source="line_id")
    outcome = StrictChoiceField(choices=OUTCOMES)
    quantity = StrictIntegerField(min_value=1, max_value=100_000, required=False)
    reason = StrictCharField(max_length=1000, lines=True, required=False)
    images = StrictListField(child=StrictCharField(max_length=200), max_length=5, required=False)
    grade = StrictChoiceField(choices=choices.ReturnLineItem.Grade.choices, required=False)
    disposition = StrictChoiceField(
        choices=choices.ReturnLineItem.Disposition.choices, required=False
    )

    @override
    def build(self, values: dict[str, Any]) -> UnitDecision:
        if values["outcome"] == "rejected" and not values.get("reason"):
            message = "A rejection needs a reason."
            raise serializers.ValidationError({"reason": [message]}, code="reason_required")
        values["images"] = tuple(values.get("images", ()))
        return super().build(values)


class DecisionsForm(Form[Decisions]):
    into = Decisions
    units = UnitDecisionForm.list_of(max_length=100)

    @override
    def build(self, values: dict[str, Any]) -> Decisions:
        return Decisions(tuple(values["units"]))


class ReturnsPage(PageForm):
    into = ReturnFilters
    orderings = (Ordering("requested_at"), Ordering("requested_at", descending=False))
    store = serializers.CharField(required=False, max_length=60)
    status = serializers.ChoiceField(choices=choices.Return.Status.choices, required=False)
    number = serializers.CharField(required=False, max_length=20)
    order = serializers.CharField(required=False, max_length=80)
