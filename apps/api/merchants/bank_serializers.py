"""Serializers that only describe, for OpenAPI, what the shapes of bank files show."""

from rest_framework import serializers

from apps.api.common.fields import MoneyField
from apps.api.merchants.desk_serializers import PersonSerializer
from apps.payments.gateways.bank_transfer import choices


class BankFileSerializer(serializers.Serializer[object]):
    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=choices.BankFile.Kind.choices)
    message_id = serializers.CharField()
    file_sha256 = serializers.CharField()
    counts = serializers.DictField(
        child=serializers.IntegerField(), help_text="How many entries had which outcome."
    )
    read_by = PersonSerializer(allow_null=True)
    read_at = serializers.DateTimeField()
    created_at = serializers.DateTimeField()


class BankEntrySerializer(serializers.Serializer[object]):
    id = serializers.UUIDField()
    file = serializers.UUIDField()
    position = serializers.IntegerField()
    batch_reference = serializers.CharField()
    end_to_end_id = serializers.CharField()
    word = serializers.ChoiceField(choices=choices.BankFile.Word.choices)
    code = serializers.CharField(help_text="The bank's reason or status.")
    amount = MoneyField(allow_null=True)
    outcome = serializers.ChoiceField(choices=choices.BankFile.Outcome.choices)
    refund = serializers.UUIDField(allow_null=True, help_text="The payment that it is about.")
    created_at = serializers.DateTimeField()
