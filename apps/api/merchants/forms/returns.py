"""What the merchant's people decide about returns."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, override
from uuid import UUID

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
from apps.api.merchants.forms.common import words
from apps.orders import choices
from apps.orders.dtos import UnitDecision

OUTCOMES = ("accepted", "rejected", "missing", "kept", "for_review")
METHODS = ("original", "bank_transfer", "store_credit")
MOST_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class ReturnFilters:
    """`q` is a return number, an order number, an e-mail, a part of a name, or a SKU."""

    q: str = ""
    store: str = ""
    status: str = ""
    refund_method: str = ""
    order: UUID | None = None
    is_open: bool | None = None


class ReturnsPage(PageForm):
    into = ReturnFilters
    orderings = (Ordering("requested_at"), Ordering("requested_at", descending=False))
    q = serializers.CharField(required=False, max_length=254)
    store = serializers.CharField(required=False, max_length=60)
    status = serializers.ChoiceField(choices=choices.Return.Status.choices, required=False)
    refund_method = serializers.ChoiceField(
        choices=choices.Return.RefundMethod.choices, required=False
    )
    order = StrictUUIDField(required=False)
    is_open = serializers.BooleanField(required=False)


@dataclass(frozen=True, slots=True)
class Reason:
    reason: str = ""


class RejectionForm(Form[Reason]):
    into = Reason
    reason = words(required=True)


class CancellationForm(Form[Reason]):
    into = Reason
    reason = words()


@dataclass(frozen=True, slots=True)
class Reception:
    received_at: datetime | None = None


class ReceptionForm(Form[Reception]):
    into = Reception
    received_at = StrictDateTimeField(required=False)


class UnitDecisionForm(Form[UnitDecision]):
    """`line` is the return line; without `quantity` all its units; a rejection needs a reason."""

    into = UnitDecision
    line = StrictUUIDField(source="line_id")
    outcome = StrictChoiceField(choices=OUTCOMES)
    quantity = StrictIntegerField(min_value=1, max_value=100_000, required=False)
    reason = words()
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


@dataclass(frozen=True, slots=True)
class Decisions:
    units: tuple[UnitDecision, ...]


class DecisionsForm(Form[Decisions]):
    into = Decisions
    units = UnitDecisionForm.list_of(min_length=1, max_length=100)

    @override
    def build(self, values: dict[str, Any]) -> Decisions:
        return Decisions(tuple(values["units"]))


@dataclass(frozen=True, slots=True)
class Note:
    text: str


class NoteForm(Form[Note]):
    into = Note
    text = words(required=True)


@dataclass(frozen=True, slots=True)
class MethodChange:
    method: str
    note: str


class MethodChangeForm(Form[MethodChange]):
    """The note says why: the shopper chose something else."""

    into = MethodChange
    method = StrictChoiceField(choices=METHODS)
    note = words(required=True)


@dataclass(frozen=True, slots=True)
class Restock:
    line: UUID
    location: UUID | None = None


class RestockForm(Form[Restock]):
    into = Restock
    line = StrictUUIDField()
    location = StrictUUIDField(required=False)


@dataclass(frozen=True, slots=True)
class Bulk:
    action: str
    returns: tuple[UUID, ...]


class BulkForm(Form[Bulk]):
    into = Bulk
    action = StrictChoiceField(choices=("approve", "receive", "accept"))
    returns = StrictListField(child=StrictUUIDField(), min_length=1, max_length=MOST_AT_ONCE)

    def validate_returns(self, ids: list[UUID]) -> tuple[UUID, ...]:
        if len(set(ids)) != len(ids):
            raise serializers.ValidationError("A return is named twice.", code="repeated")
        return tuple(ids)
