"""Serializers that only describe, for OpenAPI, payments to shoppers and store credit."""

from typing import Any, override

from rest_framework import serializers

from apps.api.common.described import JsonObject
from apps.api.common.fields import MoneyField
from apps.api.merchants.desk_serializers import NumberedSerializer, PersonSerializer
from apps.payments import choices


class AboutReturn(serializers.Serializer[object]):
    @override
    def get_fields(self) -> dict[str, Any]:
        """`return` is a word of Python's own."""
        return {**super().get_fields(), "return": NumberedSerializer(allow_null=True)}


class RefundSerializer(AboutReturn):
    id = serializers.UUIDField()
    store = serializers.CharField()
    status = serializers.ChoiceField(choices=choices.Payment.Status.choices)
    gateway = serializers.ChoiceField(choices=choices.Payment.Gateway.choices)
    purpose = serializers.ChoiceField(choices=choices.Payment.Purpose.choices)
    amount = MoneyField()
    generation = serializers.IntegerField()
    reference = serializers.CharField(help_text="Where it was made: by hand, or the gateway's.")
    note = serializers.CharField()
    failure_code = serializers.CharField()
    voided_at = serializers.DateTimeField(
        allow_null=True, help_text="When the shop took back the credit that it had given."
    )
    account_last_four = serializers.CharField()
    needs_second_person = serializers.BooleanField()
    requested_by = PersonSerializer(allow_null=True)
    approved_by = PersonSerializer(allow_null=True)
    approved_at = serializers.DateTimeField(allow_null=True)
    submitted_at = serializers.DateTimeField(allow_null=True)
    settled_at = serializers.DateTimeField(allow_null=True)
    replaces = serializers.UUIDField(allow_null=True)
    order = NumberedSerializer()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class RefundEventSerializer(serializers.Serializer[object]):
    kind = serializers.CharField()
    at = serializers.DateTimeField()
    facts = JsonObject()


class RefundDetailSerializer(RefundSerializer):
    replaced_by = serializers.UUIDField(allow_null=True)
    payouts = serializers.ListField(child=serializers.UUIDField(), help_text="Its batches.")
    timeline = RefundEventSerializer(many=True)


class CreditSerializer(AboutReturn):
    id = serializers.UUIDField()
    store = serializers.CharField()
    code = serializers.CharField(help_text="Masked: its last four only.")
    state = serializers.ChoiceField(choices=["open", "voided", "expired"])
    balance = MoneyField()
    issued = MoneyField()
    spent = MoneyField()
    voided = MoneyField()
    expired = MoneyField()
    expires_at = serializers.DateTimeField()
    voided_at = serializers.DateTimeField(allow_null=True)
    expired_at = serializers.DateTimeField(allow_null=True)
    customer = serializers.UUIDField(allow_null=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class MovementSerializer(serializers.Serializer[object]):
    kind = serializers.ChoiceField(choices=choices.StoreCredit.Movement.choices)
    reference = serializers.CharField()
    amount = MoneyField()
    refund = serializers.UUIDField(allow_null=True)
    at = serializers.DateTimeField()


class CreditDetailSerializer(CreditSerializer):
    movements = MovementSerializer(many=True)
