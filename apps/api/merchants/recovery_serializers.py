"""Serializers that only describe, for OpenAPI, what is won back of advances."""

from rest_framework import serializers

from apps.api.common.fields import MoneyField
from apps.api.merchants.desk_serializers import NumberedSerializer
from apps.api.merchants.serializers import EventSerializer
from apps.orders.modules.recoveries import choices


class _Recovery(serializers.Serializer[object]):
    id = serializers.UUIDField()
    cause = serializers.ChoiceField(choices=choices.Recovery.Cause.choices)
    status = serializers.ChoiceField(choices=choices.Recovery.Status.choices)
    opened_at = serializers.DateTimeField()
    objection_ends_at = serializers.DateTimeField()
    next_step_at = serializers.DateTimeField(allow_null=True)
    held_back = serializers.CharField(help_text="Why no charge is asked for; empty when it is.")
    updated_at = serializers.DateTimeField()
    due = MoneyField()
    collected = MoneyField()
    given_back = MoneyField()
    written_off = MoneyField()
    left = MoneyField()


class RecoverySerializer(_Recovery):
    def get_fields(self) -> dict[str, serializers.Field]:  # type: ignore[type-arg]
        return {**super().get_fields(), "return": NumberedSerializer()}


class AttemptSerializer(serializers.Serializer[object]):
    number = serializers.IntegerField()
    status = serializers.ChoiceField(choices=choices.RecoveryAttempt.Status.choices)
    amount = MoneyField()
    asked_at = serializers.DateTimeField()
    failure_code = serializers.CharField()
    reference = serializers.CharField()


class CollectionSerializer(serializers.Serializer[object]):
    reference = serializers.CharField()
    amount = MoneyField()
    given_back = MoneyField()
    at = serializers.DateTimeField()


class ContestSerializer(serializers.Serializer[object]):
    kind = serializers.ChoiceField(choices=choices.Recovery.Contest.choices)
    text = serializers.CharField()
    tracking_number = serializers.CharField()
    carrier = serializers.CharField()
    images = serializers.ListField(child=serializers.CharField())
    at = serializers.DateTimeField()


class RecoveryDetailSerializer(RecoverySerializer):
    instalments = serializers.ListField(child=MoneyField())
    consent_cap = MoneyField(allow_null=True)
    consent_until = serializers.DateTimeField(allow_null=True)
    contests = ContestSerializer(many=True)
    end_reason = serializers.CharField()
    needs_second_person = serializers.BooleanField()
    attempts = AttemptSerializer(many=True)
    payments = CollectionSerializer(many=True)
    timeline = EventSerializer(many=True)
