"""What went out before inspection, for OpenAPI."""

from rest_framework import serializers

from apps.api.common.fields import MoneyField
from apps.orders import choices
from apps.underwriting.choices import Reason, Rung


class PartSerializer(serializers.Serializer[object]):
    rung = serializers.ChoiceField(choices=Rung.choices)
    amount = MoneyField()
    status = serializers.ChoiceField(choices=choices.Advance.PartStatus.choices)
    released_at = serializers.DateTimeField(allow_null=True)


class ShortfallSerializer(serializers.Serializer[object]):
    cause = serializers.ChoiceField(choices=choices.Advance.Cause.choices)
    amount = MoneyField()
    lines = serializers.ListField(child=serializers.UUIDField())
    at = serializers.DateTimeField()


class DecisionReasonSerializer(serializers.Serializer[object]):
    code = serializers.ChoiceField(choices=Reason.choices)
    text = serializers.CharField()
    weight = serializers.IntegerField(help_text="Above zero speaks against early money.")


class DecisionSerializer(serializers.Serializer[object]):
    rung = serializers.ChoiceField(choices=Rung.choices)
    policy_version = serializers.IntegerField()
    reasons = DecisionReasonSerializer(
        many=True, help_text="Of this merchant's own; what is known elsewhere counts unshown."
    )


class AdvanceSerializer(serializers.Serializer[object]):
    """Ended, `amount` = `kept` + `owed_by_shopper` + `taken_back` + `never_paid`."""

    amount = MoneyField()
    method = serializers.ChoiceField(choices=choices.Return.RefundMethod.choices)
    granted_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    cover_ends_at = serializers.DateTimeField(
        help_text="Undecided units are accepted at this moment."
    )
    kept = MoneyField()
    owed_by_shopper = MoneyField()
    taken_back = MoneyField()
    never_paid = MoneyField()
    parts = PartSerializer(many=True)
    decision = DecisionSerializer()
    shortfalls = ShortfallSerializer(many=True)
