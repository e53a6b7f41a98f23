"""From a quote to a return, and what a shopper may still say about it."""

from dataclasses import dataclass
from typing import Any, override
from uuid import UUID

from rest_framework import serializers

from apps.api.common.fields import (
    StrictBoolField,
    StrictCharField,
    StrictChoiceField,
    StrictListField,
    StrictUUIDField,
)
from apps.api.common.forms import Form
from apps.api.common.pages import Ordering, PageForm
from apps.api.returns import limits
from apps.api.returns.language import Language, LanguageQuery
from apps.core.errors import DomainError
from apps.orders import choices
from apps.payments.gateways.bank_transfer.accounts import check_account

Method = choices.Return.RefundMethod
# A return that was refunded elsewhere is the platform's word, never the shopper's.
METHODS = tuple(method for method in Method if method != Method.ELSEWHERE)


@dataclass(frozen=True, slots=True)
class ReturnWanted:
    """`iban` and `holder` belong to a bank transfer and to nothing else; the version of the words
    that were agreed to belongs to an instant refund."""

    quote: UUID
    refund_method: str
    iban: str = ""
    holder: str = ""
    instant: bool = False
    consent_version: str = ""


@dataclass(frozen=True, slots=True)
class Tracking:
    number: str
    carrier: str = ""


@dataclass(frozen=True, slots=True)
class Nothing:
    """A call that says all by being made."""


class ReturnForm(Form[ReturnWanted]):
    into = ReturnWanted
    quote = StrictUUIDField()
    refund_method = StrictChoiceField(choices=METHODS)
    iban = StrictCharField(max_length=42, required=False)
    holder = StrictCharField(max_length=70, required=False)
    instant = StrictBoolField(required=False)
    consent_version = StrictCharField(max_length=20, required=False)

    @override
    def build(self, values: dict[str, Any]) -> ReturnWanted:
        by_bank = values["refund_method"] == Method.BANK_TRANSFER
        for name in ("iban", "holder"):
            if by_bank != (name in values):
                message = "A bank transfer, and only that, names an account and its holder."
                raise serializers.ValidationError({name: [message]}, code="account_of_transfer")
        if values.get("instant", False) != ("consent_version" in values):
            message = "An instant refund, and only that, names the words that were agreed to."
            raise serializers.ValidationError({"consent_version": [message]}, code="consent")
        if by_bank:
            _check_account(values["iban"], values["holder"])
        return super().build(values)


def _check_account(iban: str, holder: str) -> None:
    """A mistyped account is a refused form: its idempotency key stays free."""
    try:
        check_account(iban, holder)
    except DomainError as refused:
        raise serializers.ValidationError({"iban": [refused.title]}, code=refused.code) from None


class TrackingForm(Form[Tracking]):
    into = Tracking
    number = StrictCharField(max_length=60)
    carrier = StrictCharField(max_length=60, required=False, allow_blank=True)


@dataclass(frozen=True, slots=True)
class Kept:
    """Units of the return, by their ids; none means all."""

    units: tuple[UUID, ...] = ()


class KeepForm(Form[Kept]):
    into = Kept
    units = StrictListField(
        child=StrictUUIDField(), min_length=1, max_length=limits.MAX_LINES, required=False
    )

    @override
    def build(self, values: dict[str, Any]) -> Kept:
        return Kept(tuple(values.get("units", ())))


class NothingForm(Form[Nothing]):
    into = Nothing


class ReturnsPage(PageForm, LanguageQuery):
    into = Language
    orderings = (Ordering("requested_at"), Ordering("requested_at", descending=False))
