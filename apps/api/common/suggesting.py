"""An address made of a free text, for the portal and the dashboard: a suggestion, nothing kept."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from rest_framework import serializers

from apps.accounts.models import Store
from apps.api.common import limiter
from apps.api.common.fields import CountryField, StrictCharField
from apps.api.common.forms import Form
from apps.api.common.limiter import Rule
from apps.api.common.throttles import DAY
from apps.integrations.addresses.choices import Source
from apps.integrations.addresses.dtos import FIELDS, MOST
from apps.integrations.openai.suggesting import suggest


@dataclass(frozen=True, slots=True)
class FreeAddress:
    text: str
    country: str = ""


class FreeAddressForm(Form[FreeAddress]):
    """`country` is where it lies, if that is known; an address that names another is flagged."""

    into = FreeAddress
    text = StrictCharField(max_length=MOST, lines=True)
    country = CountryField(required=False)


class AddressPartsSerializer(serializers.Serializer[object]):
    recipient = serializers.CharField(help_text="A name, a company or a c/o line.")
    street = serializers.CharField(help_text="Of a PO box the words.")
    number = serializers.CharField(help_text="Of the house or the PO box.")
    detail = serializers.CharField(help_text="Floor, door, building, village.")
    postcode = serializers.CharField()
    city = serializers.CharField()
    region = serializers.CharField(help_text="The code in US and IT, the province in ES.")
    country = serializers.CharField(help_text="ISO 3166-1 alpha-2; empty where nobody can tell.")


class SuggestionSerializer(serializers.Serializer[object]):
    address = AddressPartsSerializer()
    source_ = serializers.ChoiceField(choices=Source.choices)
    is_unsure = serializers.BooleanField(help_text="True while `look_at` names a field.")
    look_at = serializers.ListField(
        child=serializers.ChoiceField(choices=FIELDS),
        help_text="Fields that are missing, guessed or odd.",
    )

    def get_fields(self) -> dict[str, serializers.Field]:  # type: ignore[type-arg]
        # `source` is a name of DRF's own.
        return {name.rstrip("_"): field for name, field in super().get_fields().items()}


def suggestion_shape(store: Store, free: FreeAddress) -> dict[str, Any]:
    """The model is asked at most OPENAI_DAILY times for a store in a day, and only where our own
    rules are unsure."""

    def may_ask() -> bool:
        rule = Rule(f"address:{store.pk}", settings.OPENAI_DAILY, DAY)
        verdict = limiter.hit([rule], guarded=True)
        return verdict is None or verdict.allowed

    told = suggest(free.text, free.country, may_ask)
    return {
        "address": told.address.as_json(),
        "source": told.source,
        "is_unsure": told.is_unsure,
        "look_at": list(told.look_at),
    }
