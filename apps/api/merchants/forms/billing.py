"""What a merchant asks and says of its invoices."""

from dataclasses import dataclass
from datetime import date
from typing import Any, override
from uuid import UUID

from rest_framework import serializers

from apps.accounts import choices as accounts
from apps.api.common.fields import (
    CountryField,
    StrictBoolField,
    StrictCharField,
    StrictChoiceField,
    StrictEmailField,
)
from apps.api.common.forms import Form
from apps.api.common.pages import PageForm
from apps.billing import choices
from apps.billing.dtos import ProfileDetails

DIRECT_DEBIT = choices.Profile.Method.DIRECT_DEBIT
ISSUED = [choice for choice in choices.Invoice.Status.choices if choice[0] != "draft"]


@dataclass(frozen=True, slots=True)
class InvoiceFilters:
    status: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class FeeFilters:
    """`period` is the first day of the month asked for."""

    kind: str = ""
    period: date | None = None
    invoice: UUID | None = None


@dataclass(frozen=True, slots=True)
class NewProfile:
    """`iban` empty keeps the account that is there."""

    details: ProfileDetails
    iban: str


@dataclass(frozen=True, slots=True)
class CardWanted:
    version: str


class CardForm(Form[CardWanted]):
    into = CardWanted
    version = StrictCharField(
        max_length=20, help_text="Of the words that the merchant was shown and agrees to."
    )


class InvoicesPage(PageForm):
    into = InvoiceFilters
    status = serializers.ChoiceField(choices=ISSUED, required=False)
    kind = serializers.ChoiceField(choices=choices.Invoice.Kind.choices, required=False)


class FeesPage(PageForm):
    into = FeeFilters
    kind = serializers.ChoiceField(choices=choices.Fee.Kind.choices, required=False)
    period = serializers.RegexField(r"\A20[0-9]{2}-(0[1-9]|1[0-2])\Z", required=False)
    invoice = serializers.UUIDField(required=False)

    def validate_period(self, text: str) -> date:
        return date.fromisoformat(f"{text}-01")


@dataclass(frozen=True, slots=True)
class Address:
    street: str
    city: str
    postcode: str
    country: str


class AddressForm(Form[Address]):
    into = Address
    street = StrictCharField(max_length=150)
    city = StrictCharField(max_length=80)
    postcode = StrictCharField(max_length=16)
    country = CountryField()


class ProfileForm(Form[NewProfile]):
    """Whole: what is left out is emptied, but for the account and the language."""

    into = NewProfile
    legal_name = StrictCharField(max_length=150)
    address = AddressForm()
    email = StrictEmailField(required=False, allow_blank=True)
    vat_number = StrictCharField(max_length=30, required=False, allow_blank=True)
    method = StrictChoiceField(choices=choices.Profile.Method.choices)
    iban = StrictCharField(max_length=42, required=False, allow_blank=True)
    language = StrictChoiceField(
        choices=accounts.Merchant.Language.choices,
        required=False,
        allow_blank=True,
        help_text="Of what we write from now on; empty: that of the country. Left out, kept.",
    )
    mandate = StrictBoolField(
        required=False, help_text="The account may be debited for invoices; true with an IBAN."
    )

    @override
    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        debited = attrs["method"] == DIRECT_DEBIT and attrs.get("iban")
        if debited and not attrs.get("mandate"):
            raise serializers.ValidationError(
                {"mandate": ["An account is debited with a mandate only."]}, code="required"
            )
        return attrs

    @override
    def build(self, values: dict[str, Any]) -> NewProfile:
        address: Address = values["address"]
        details = ProfileDetails(
            legal_name=values["legal_name"],
            street=address.street,
            city=address.city,
            postcode=address.postcode,
            country=address.country,
            email=values.get("email", ""),
            vat_number=values.get("vat_number", ""),
            method=values["method"],
            language=values.get("language"),
        )
        debited = values["method"] == DIRECT_DEBIT
        return NewProfile(details, values.get("iban", "") if debited else "")
