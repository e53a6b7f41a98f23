"""What staff decide about an advance that is won back."""

from dataclasses import dataclass

from rest_framework import serializers

from apps.api.common.forms import Form
from apps.api.common.pages import PageForm
from apps.api.merchants.forms.common import words
from apps.orders.modules.recoveries import choices


@dataclass(frozen=True, slots=True)
class RecoveryFilters:
    status: str = ""
    cause: str = ""
    return_number: str = ""


@dataclass(frozen=True, slots=True)
class Why:
    reason: str


class RecoveriesPage(PageForm):
    into = RecoveryFilters
    status = serializers.ChoiceField(choices=choices.Recovery.Status.choices, required=False)
    cause = serializers.ChoiceField(choices=choices.Recovery.Cause.choices, required=False)
    return_number = serializers.CharField(max_length=20, required=False)


class WhyForm(Form[Why]):
    into = Why
    reason = words(required=True)
