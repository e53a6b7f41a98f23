"""Serializers that only describe, for OpenAPI, what is set and how."""

from typing import Any, override

from rest_framework import serializers

from apps.accounts import choices as accounts
from apps.api.common.described import JsonObject
from apps.api.common.fields import MoneyField
from apps.api.merchants.serializers import Described
from apps.deliveries import choices as deliveries
from apps.orders import choices

P = accounts.Preferences


class SettingsSerializer(Described):
    window_start = serializers.ChoiceField(choices=P.WindowStart.choices)
    return_window_days = serializers.IntegerField()
    exchange_window_days = serializers.IntegerField()
    refund_methods = serializers.ListField(child=serializers.CharField())
    credit_at = serializers.ChoiceField(
        choices=P.CreditAt.choices,
        help_text="Where store credit stands; the connection says whether the shop can.",
    )
    exchanges_enabled = serializers.BooleanField()
    auto_approve = serializers.BooleanField()
    auto_accept_on_receipt = serializers.BooleanField()
    shipping_rule = serializers.ChoiceField(choices=P.Shipping.choices)
    threshold_rule = serializers.ChoiceField(choices=P.Threshold.choices)
    fee_over_refund = serializers.ChoiceField(choices=P.FeeOverRefund.choices)
    tender_order = serializers.ChoiceField(choices=P.TenderOrder.choices)
    restocking_kind = serializers.ChoiceField(choices=P.Restocking.choices)
    restocking_fixed = MoneyField()
    restocking_percent = serializers.CharField()
    bonus_kind = serializers.ChoiceField(choices=P.Bonus.choices)
    bonus_flat = MoneyField()
    bonus_percent = serializers.CharField()
    difference_basis = serializers.ChoiceField(choices=P.DifferenceBasis.choices)
    lookup = serializers.ChoiceField(choices=accounts.Store.Lookup.choices)
    proof_first = serializers.BooleanField()
    not_shipped_cancel_days = serializers.IntegerField()
    branding = JsonObject()
    policy_url = serializers.CharField()


class StoreSettingsSerializer(SettingsSerializer):
    overrides = serializers.ListField(child=serializers.CharField())


class DifferenceSerializer(Described):
    store = serializers.CharField()
    name = serializers.CharField()
    current = JsonObject()
    wanted = JsonObject()


class SyncSerializer(Described):
    differences = DifferenceSerializer(many=True)


class ReasonSerializer(Described):
    id = serializers.UUIDField()
    code = serializers.CharField()
    parent = serializers.CharField(allow_null=True)  # type: ignore[assignment]
    labels = serializers.DictField(child=serializers.CharField())
    fault = serializers.ChoiceField(choices=choices.ReturnReason.Fault.choices)
    needs_photo = serializers.BooleanField()
    needs_text = serializers.BooleanField()
    waives_fee = serializers.BooleanField()
    position = serializers.IntegerField()


class ReasonsSerializer(Described):
    reasons = ReasonSerializer(many=True)


class RuleSerializer(Described):
    code = serializers.CharField()
    action = serializers.ChoiceField(choices=choices.Policy.Action.choices)
    conditions = JsonObject()
    priority = serializers.IntegerField()
    messages = serializers.DictField(child=serializers.CharField())
    active_from = serializers.DateTimeField(allow_null=True)
    active_until = serializers.DateTimeField(allow_null=True)


class PolicySerializer(Described):
    id = serializers.UUIDField()
    version = serializers.IntegerField()
    status = serializers.ChoiceField(choices=choices.Policy.Status.choices)
    name = serializers.CharField()
    published_at = serializers.DateTimeField(allow_null=True)
    rules = RuleSerializer(many=True)


class VerdictSerializer(Described):
    is_eligible = serializers.BooleanField()
    hold = serializers.BooleanField()
    waives_fee = serializers.BooleanField()
    no_instant = serializers.BooleanField()
    refusals = serializers.ListField(child=serializers.CharField())
    rules = serializers.ListField(child=serializers.CharField())


class ChangedVerdictSerializer(Described):
    line = serializers.UUIDField()
    amount = MoneyField()
    before = VerdictSerializer()
    after = VerdictSerializer()

    @override
    def get_fields(self) -> dict[str, Any]:
        """`return` is a word of Python's own."""
        return {"return": serializers.UUIDField(), **super().get_fields()}


class ReplaySerializer(Described):
    count = serializers.IntegerField()
    differences = ChangedVerdictSerializer(many=True)


class PriceSerializer(Described):
    regions = serializers.ListField(child=serializers.CharField())
    outcome = serializers.ChoiceField(choices=deliveries.ReturnMethod.Outcome.choices)
    price = MoneyField()


class MethodSerializer(Described):
    id = serializers.UUIDField()
    code = serializers.CharField()
    type = serializers.ChoiceField(choices=deliveries.ReturnMethod.Type.choices)
    names = serializers.DictField(child=serializers.CharField())
    is_active = serializers.BooleanField()
    is_per_parcel = serializers.BooleanField()
    keeps_goods = serializers.BooleanField()
    label_days = serializers.IntegerField()
    position = serializers.IntegerField()
    location = serializers.UUIDField(allow_null=True)
    prices = PriceSerializer(many=True)


class MethodsSerializer(Described):
    methods = MethodSerializer(many=True)


class StoreSerializer(Described):
    id = serializers.UUIDField()
    slug = serializers.CharField()
    name = serializers.CharField()
    platform = serializers.ChoiceField(choices=accounts.Store.Platform.choices)
    domain = serializers.CharField()
    currency = serializers.CharField()
    languages = serializers.ListField(child=serializers.CharField())
    time_zone = serializers.CharField()
    status = serializers.ChoiceField(choices=accounts.Store.Status.choices)


class LocationSerializer(Described):
    id = serializers.UUIDField()
    name = serializers.CharField()
    address = JsonObject()
    accepts_returns = serializers.BooleanField()
    is_default = serializers.BooleanField()
