"""A shopper wants their data, or wants it gone."""

from dataclasses import dataclass

from rest_framework import serializers

from apps.api.common.fields import StrictCharField, StrictChoiceField, StrictEmailField
from apps.api.common.forms import Form
from apps.api.common.pages import NEWEST_FIRST, PageForm
from apps.orders.modules.privacy import choices

Kind = choices.PrivacyRequest.Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    kind: str
    email: str
    reference: str = ""


class PrivacyForm(Form[Wanted]):
    into = Wanted
    kind = StrictChoiceField(choices=[Kind.EXPORT, Kind.ERASURE])
    email = StrictEmailField()
    reference = StrictCharField(
        max_length=100, required=False, help_text="The merchant's own number of it."
    )


@dataclass(frozen=True, slots=True)
class PrivacyFilters:
    status: str = ""


class PrivacyPage(PageForm):
    into = PrivacyFilters
    orderings = (NEWEST_FIRST,)
    status = serializers.ChoiceField(choices=choices.PrivacyRequest.Status.choices, required=False)
