"""Serializers that only describe, for OpenAPI, what underwriting shows of itself."""

from rest_framework import serializers

from apps.api.common.described import JsonObject
from apps.api.common.fields import MoneyField
from apps.api.merchants.serializers import Described
from apps.underwriting import choices


class UnderwritingPolicySerializer(Described):
    id = serializers.UUIDField()
    version = serializers.IntegerField()
    status = serializers.ChoiceField(choices=choices.Policy.Status.choices)
    name = serializers.CharField(allow_blank=True)
    published_at = serializers.DateTimeField(allow_null=True)
    terms = JsonObject()


class ReplayedRungSerializer(Described):
    rung = serializers.ChoiceField(choices=choices.Rung.choices)
    before = serializers.IntegerField()
    after = serializers.IntegerField()


class ReplayedSumsSerializer(Described):
    """Of one currency: asked for, out before inspection, expected to be lost, known to be lost."""

    requested = MoneyField()
    early_before = MoneyField()
    early_after = MoneyField()
    expected_before = MoneyField()
    expected_after = MoneyField()
    lost_before = MoneyField()
    lost_after = MoneyField()


class ReplayedChangeSerializer(Described):
    assessment = serializers.UUIDField()
    order = serializers.UUIDField()
    value = MoneyField()
    rung_before = serializers.ChoiceField(choices=choices.Rung.choices)
    rung_after = serializers.ChoiceField(choices=choices.Rung.choices)
    early_before = MoneyField()
    early_after = MoneyField()
    reasons = serializers.ListField(child=serializers.ChoiceField(choices=choices.Reason.choices))


class UnderwritingReplaySerializer(Described):
    """`changes` holds the first 100 of `changed`."""

    requests = serializers.IntegerField()
    changed = serializers.IntegerField()
    rungs = ReplayedRungSerializer(many=True)
    sums = ReplayedSumsSerializer(many=True)
    changes = ReplayedChangeSerializer(many=True)
