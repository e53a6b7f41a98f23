"""What staff say about batches of bank transfers and about single transfers."""

from dataclasses import dataclass
from typing import Any, override
from uuid import UUID

from rest_framework import serializers

from apps.api.common.fields import (
    StrictCharField,
    StrictChoiceField,
    StrictListField,
    StrictUUIDField,
)
from apps.api.common.forms import Form
from apps.api.common.pages import PageForm
from apps.payments import choices

MOST = 1000


@dataclass(frozen=True, slots=True)
class PayoutFilters:
    status: str = ""


@dataclass(frozen=True, slots=True)
class NewBatch:
    """`payments` None takes every transfer that waits."""

    currency: str = "EUR"
    payments: tuple[UUID, ...] | None = None


@dataclass(frozen=True, slots=True)
class BankWord:
    """`code` is the bank's reason, as in AC04 or MS03 of ISO 20022."""

    code: str


class PayoutsPage(PageForm):
    into = PayoutFilters
    status = serializers.ChoiceField(
        choices=choices.BankTransferBatch.Status.choices, required=False
    )


class NewBatchForm(Form[NewBatch]):
    """SEPA files carry euros only."""

    into = NewBatch
    currency = StrictChoiceField(choices=("EUR",), required=False)
    payments = StrictListField(
        child=StrictUUIDField(), min_length=1, max_length=MOST, required=False
    )

    @override
    def build(self, values: dict[str, Any]) -> NewBatch:
        if "payments" in values:
            values["payments"] = tuple(values["payments"])
        return super().build(values)


class BankWordForm(Form[BankWord]):
    into = BankWord
    code = StrictCharField(max_length=60)
