"""What staff decide about a payment to a shopper."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from rest_framework import serializers

from apps.api.common.fields import (
    MoneyField,
    StrictCharField,
    StrictChoiceField,
    StrictUUIDField,
)
from apps.api.common.forms import Form
from apps.api.common.pages import PageForm
from apps.core.money import Money
from apps.payments import choices


@dataclass(frozen=True, slots=True)
class RefundFilters:
    status: str = ""
    gateway: str = ""
    purpose: str = ""
    store: str = ""
    return_number: str = ""
    order_number: str = ""


@dataclass(frozen=True, slots=True)
class CreditFilters:
    store: str = ""
    state: str = ""
    return_number: str = ""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """`reference` says where it was made: the number it has there."""

    reference: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class ByHand:
    """Without `amount` it is what the return is owed by hand; with one it is on top of that."""

    reference: str
    note: str = ""
    amount: Money | None = None
    payment: UUID | None = None


@dataclass(frozen=True, slots=True)
class CallOff:
    reason: str


@dataclass(frozen=True, slots=True)
class OtherWay:
    gateway: str


def _number(length: int) -> Any:
    return serializers.CharField(required=False, max_length=length)


class RefundsPage(PageForm):
    into = RefundFilters
    status = serializers.ChoiceField(choices=choices.Payment.Status.choices, required=False)
    gateway = serializers.ChoiceField(choices=choices.Payment.Gateway.choices, required=False)
    purpose = serializers.ChoiceField(choices=choices.Payment.Purpose.choices, required=False)
    store = _number(60)
    return_number = _number(20)
    order_number = _number(60)


class CreditsPage(PageForm):
    into = CreditFilters
    store = _number(60)
    state = serializers.ChoiceField(choices=("open", "voided", "expired"), required=False)
    return_number = _number(20)


class ConfirmationForm(Form[Confirmation]):
    into = Confirmation
    reference = StrictCharField(max_length=100)
    note = StrictCharField(max_length=1000, lines=True, required=False, allow_blank=True)


class ByHandForm(Form[ByHand]):
    """`payment` names the payment of the order that is given back, when it was by several."""

    into = ByHand
    reference = StrictCharField(max_length=100)
    note = StrictCharField(max_length=1000, lines=True, required=False, allow_blank=True)
    amount = MoneyField(least=1, required=False)
    payment = StrictUUIDField(required=False)


class CallOffForm(Form[CallOff]):
    into = CallOff
    reason = StrictCharField(max_length=200)


class OtherWayForm(Form[OtherWay]):
    into = OtherWay
    gateway = StrictChoiceField(choices=choices.Payment.Gateway.choices)
