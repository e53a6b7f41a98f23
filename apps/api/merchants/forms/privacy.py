"""A shopper wants their data, or wants it gone."""

from dataclasses import dataclass

from rest_framework import serializers

from apps.api.common.fields import StrictCharField, StrictChoiceField, StrictEmailField
from apps.api.common.forms import Form
from apps.api.common.pages import NEWEST_FIRST, Ordering, PageForm
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
class Refusal:
    reason: str


class RefusalForm(Form[Refusal]):
    into = Refusal
    reason = StrictCharField(max_length=300, help_text="The shopper reads it.")


@dataclass(frozen=True, slots=True)
class PrivacyFilters:
    status: str = ""
    kind: str = ""
    store: str = ""


class PrivacyPage(PageForm):
    into = PrivacyFilters
    orderings = (NEWEST_FIRST, Ordering("due_at", descending=False))
    kind = serializers.ChoiceField(choices=Kind.choices, required=False)
    store = serializers.SlugField(required=False)
    status = serializers.ChoiceField(choices=choices.PrivacyRequest.Status.choices, required=False)
