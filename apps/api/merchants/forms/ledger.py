"""Which part of the books is to be read."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, override

from rest_framework import serializers

from apps.api.common.fields import StrictDateTimeField
from apps.api.common.forms import QueryForm
from apps.api.common.pages import Ordering, PageForm
from apps.core.money import DECIMALS
from apps.payments import choices

LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Period:
    """`since` is included, `until` is not."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class EntryFilters:
    since: datetime
    until: datetime
    account: str = ""
    currency: str = ""


class PeriodFields(serializers.Serializer[Any]):
    @override
    def get_fields(self) -> dict[str, Any]:
        """`from` is a word of Python's own."""
        period = {
            "from": StrictDateTimeField(source="since"),
            "to": StrictDateTimeField(source="until"),
        }
        return {**period, **super().get_fields()}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["until"] <= attrs["since"]:
            raise serializers.ValidationError(
                {"to": ["The period ends before it begins."]}, code="out_of_range"
            )
        if attrs["until"] - attrs["since"] > LONGEST:
            raise serializers.ValidationError(
                {"to": ["A period is at most 366 days long."]}, code="out_of_range"
            )
        return attrs


class StatementForm(PeriodFields, QueryForm[Period]):
    into = Period


class AccountsPage(PageForm):
    orderings = (Ordering("kind", descending=False),)


class EntriesPage(PeriodFields, PageForm):
    into = EntryFilters
    account = serializers.ChoiceField(choices=choices.Ledger.Account.choices, required=False)
    currency = serializers.ChoiceField(choices=sorted(DECIMALS), required=False)
