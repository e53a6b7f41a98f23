"""Settings, reasons, policies and return methods."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, override
from uuid import UUID

from rest_framework import serializers

from apps.accounts import choices as accounts
from apps.api.common.fields import (
    MetadataField,
    MoneyField,
    StrictBoolField,
    StrictCharField,
    StrictChoiceField,
    StrictDateTimeField,
    StrictDecimalField,
    StrictIntegerField,
    StrictListField,
    StrictUUIDField,
)
from apps.api.common.forms import Form
from apps.core import clock
from apps.core.money import Money
from apps.deliveries import choices as deliveries
from apps.orders import choices
from apps.orders.modules.eligibility.models import RuleDraft

LONGEST_WINDOW = 3650
LONGEST_REPLAY = timedelta(days=90)
P = accounts.Preferences


@dataclass(frozen=True, slots=True)
class Settings:
    """Names as in the database: sums in minor units."""

    values: Mapping[str, Any]
    currencies: frozenset[str]


def _choice(kind: Any) -> Any:
    return StrictChoiceField(choices=kind.choices, required=False)


def _days() -> Any:
    return StrictIntegerField(min_value=0, max_value=LONGEST_WINDOW, required=False)


def _percent() -> Any:
    return StrictDecimalField(least="0", most="100", required=False)


class SettingsForm(Form[Settings]):
    """What is left out stays as it is."""

    into = Settings
    window_start = _choice(P.WindowStart)
    return_window_days, exchange_window_days = _days(), _days()
    not_shipped_cancel_days = _days()
    refund_methods = StrictListField(child=_choice(P.RefundMethod), max_length=3, required=False)
    credit_at = _choice(P.CreditAt)
    exchanges_enabled = StrictBoolField(required=False)
    auto_approve = StrictBoolField(required=False)
    auto_accept_on_receipt = StrictBoolField(required=False)
    shipping_rule = _choice(P.Shipping)
    threshold_rule = _choice(P.Threshold)
    fee_over_refund = _choice(P.FeeOverRefund)
    tender_order = _choice(P.TenderOrder)
    restocking_kind = _choice(P.Restocking)
    restocking_fixed = MoneyField(required=False)
    restocking_percent = _percent()
    bonus_kind = _choice(P.Bonus)
    bonus_flat = MoneyField(required=False)
    bonus_percent = _percent()
    difference_basis = _choice(P.DifferenceBasis)
    lookup = _choice(accounts.Store.Lookup)
    proof_first = StrictBoolField(required=False)
    branding = MetadataField(required=False)
    policy_url = StrictCharField(max_length=200, required=False, allow_blank=True)

    @override
    def build(self, values: dict[str, Any]) -> Settings:
        sums = {name: value for name, value in values.items() if isinstance(value, Money)}
        plain = {name: value for name, value in values.items() if name not in sums}
        minor = {f"{name}_minor": value.minor for name, value in sums.items()}
        return Settings({**plain, **minor}, frozenset(each.currency for each in sums.values()))


@dataclass(frozen=True, slots=True)
class Names:
    settings: tuple[str, ...]


class NamesForm(Form[Names]):
    """Settings by the names that they have among the others."""

    into = Names
    settings = StrictListField(child=StrictCharField(max_length=60), min_length=1, max_length=40)

    @override
    def build(self, values: dict[str, Any]) -> Names:
        return Names(tuple(values["settings"]))


def _labels(**kwargs: Any) -> Any:
    return MetadataField(help_text="One text per language.", **kwargs)


@dataclass(frozen=True, slots=True)
class Reason:
    values: Mapping[str, Any]
    parent: str | None = None


class ReasonForm(Form[Reason]):
    into = Reason
    code = serializers.RegexField(r"^[a-z0-9][a-z0-9_-]{0,39}$")
    labels = _labels()
    parent = StrictCharField(  # type: ignore[assignment]
        max_length=40, required=False, allow_null=True
    )
    fault = StrictChoiceField(choices=choices.ReturnReason.Fault.choices, required=False)
    needs_photo = StrictBoolField(required=False)
    needs_text = StrictBoolField(required=False)
    waives_fee = StrictBoolField(required=False)
    position = StrictIntegerField(max_value=10_000, required=False)

    @override
    def build(self, values: dict[str, Any]) -> Reason:
        parent = values.pop("parent", None)
        return Reason(values, parent)


class ReasonChangeForm(ReasonForm):
    """Its code and place in the tree stay: past returns name them."""

    into = Reason
    code = None  # type: ignore[assignment]
    parent = None  # type: ignore[assignment]
    labels = _labels(required=False)


@dataclass(frozen=True, slots=True)
class Draft:
    name: str = ""
    rules: tuple[RuleDraft, ...] = ()


class RuleForm(Form[RuleDraft]):
    """`conditions` are objects of field, operator and value; all must hold."""

    into = RuleDraft
    code = StrictCharField(max_length=40)
    action = StrictChoiceField(choices=choices.Policy.Action.choices)
    conditions = StrictListField(child=serializers.JSONField(), max_length=20, required=False)
    priority = StrictIntegerField(max_value=10_000, required=False)
    messages = _labels(required=False)
    active_from = StrictDateTimeField(required=False, allow_null=True)
    active_until = StrictDateTimeField(required=False, allow_null=True)


class DraftForm(Form[Draft]):
    into = Draft
    name = StrictCharField(max_length=100, required=False, allow_blank=True)
    rules = RuleForm.list_of(max_length=100, min_length=0)

    @override
    def build(self, values: dict[str, Any]) -> Draft:
        values["rules"] = tuple(values["rules"])
        return super().build(values)


@dataclass(frozen=True, slots=True)
class Replay:
    since: datetime


class ReplayForm(Form[Replay]):
    """Of at most 90 days: every return since then is judged twice."""

    into = Replay
    since = StrictDateTimeField()

    def validate_since(self, since: datetime) -> datetime:
        if clock.now() - since > LONGEST_REPLAY:
            raise serializers.ValidationError("At most 90 days ago.", code="out_of_range")
        return since


@dataclass(frozen=True, slots=True)
class Price:
    regions: tuple[str, ...]
    price: Money
    outcome: str = "any"


class PriceForm(Form[Price]):
    """`regions`: `*`, a zone (EU), a country (ES), or a country with a postcode prefix (ES-07)."""

    into = Price
    regions = StrictListField(
        child=serializers.RegexField(r"^(\*|[A-Z]{2}|[A-Z]{2}-[0-9A-Z]{1,8})$"),
        min_length=1,
        max_length=100,
    )
    outcome = StrictChoiceField(choices=deliveries.ReturnMethod.Outcome.choices, required=False)
    price = MoneyField()

    @override
    def build(self, values: dict[str, Any]) -> Price:
        values["regions"] = tuple(values["regions"])
        return super().build(values)


@dataclass(frozen=True, slots=True)
class Method:
    values: Mapping[str, Any]
    prices: tuple[Price, ...] | None = None
    location: UUID | None = None


class MethodForm(Form[Method]):
    """`prices` replace those there are; without them they stay."""

    into = Method
    code = serializers.RegexField(r"^[a-z0-9][a-z0-9_-]{0,39}$")
    type = StrictChoiceField(choices=deliveries.ReturnMethod.Type.choices)
    names = _labels(required=False)
    is_active = StrictBoolField(required=False)
    is_per_parcel = StrictBoolField(required=False)
    keeps_goods = StrictBoolField(required=False)
    label_days = StrictIntegerField(min_value=1, max_value=365, required=False)
    position = StrictIntegerField(max_value=10_000, required=False)
    location = StrictUUIDField(required=False)
    prices = PriceForm.list_of(max_length=50, min_length=0, required=False)

    @override
    def build(self, values: dict[str, Any]) -> Method:
        location = values.pop("location", None)
        prices = tuple(values.pop("prices")) if "prices" in values else None
        return Method(values, prices, location)


class MethodChangeForm(MethodForm):
    """Its code and type stay: past returns were sent with it."""

    into = Method
    code = None  # type: ignore[assignment]
    type = None  # type: ignore[assignment]
