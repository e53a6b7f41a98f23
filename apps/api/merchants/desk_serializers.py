"""Serializers that only describe, for OpenAPI, what the shapes of money show."""

from typing import Any, override

from rest_framework import serializers

from apps.api.common.fields import MoneyField
from apps.payments import choices


class PersonSerializer(serializers.Serializer[object]):
    id = serializers.UUIDField()
    name = serializers.CharField()


class NumberedSerializer(serializers.Serializer[object]):
    id = serializers.UUIDField()
    number = serializers.CharField()


class BatchSerializer(serializers.Serializer[object]):
    id = serializers.UUIDField()
    status = serializers.ChoiceField(choices=choices.BankTransferBatch.Status.choices)
    total = MoneyField()
    transfers_count = serializers.IntegerField()
    needs_second_person = serializers.BooleanField()
    requested_by = PersonSerializer()
    approved_by = PersonSerializer(allow_null=True)
    approved_at = serializers.DateTimeField(allow_null=True)
    exported_at = serializers.DateTimeField(allow_null=True)
    settled_at = serializers.DateTimeField(allow_null=True)
    file_sha256 = serializers.CharField(help_text="Of the file; empty before it is made.")
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class TransferSerializer(serializers.Serializer[object]):
    id = serializers.UUIDField()
    refund = serializers.UUIDField()
    end_to_end_id = serializers.CharField()
    amount = MoneyField()
    status = serializers.ChoiceField(choices=choices.Payment.Status.choices)
    failure_code = serializers.CharField()
    account_last_four = serializers.CharField()
    order = NumberedSerializer()

    @override
    def get_fields(self) -> dict[str, Any]:
        """`return` is a word of Python's own."""
        return {**super().get_fields(), "return": NumberedSerializer(allow_null=True)}


class BatchDetailSerializer(BatchSerializer):
    transfers = TransferSerializer(many=True)


class LedgerAccountSerializer(serializers.Serializer[object]):
    account = serializers.ChoiceField(choices=choices.Ledger.Account.choices)
    title = serializers.CharField()
    nature = serializers.ChoiceField(choices=choices.Ledger.Nature.choices)
    currency = serializers.CharField()
    balance = MoneyField(help_text="As its nature reads it: owed, earned, spent or held.")
    updated_at = serializers.DateTimeField()


class StatementAccountSerializer(serializers.Serializer[object]):
    account = serializers.ChoiceField(choices=choices.Ledger.Account.choices)
    title = serializers.CharField()
    nature = serializers.ChoiceField(choices=choices.Ledger.Nature.choices)
    currency = serializers.CharField()
    opening = MoneyField()
    debit = MoneyField()
    credit = MoneyField()
    closing = MoneyField()


class StatementSerializer(serializers.Serializer[object]):
    to = serializers.DateTimeField()
    accounts = StatementAccountSerializer(many=True)

    @override
    def get_fields(self) -> dict[str, Any]:
        """`from` is a word of Python's own."""
        return {"from": serializers.DateTimeField(), **super().get_fields()}


class EntrySerializer(serializers.Serializer[object]):
    id = serializers.UUIDField()
    at = serializers.DateTimeField()
    account = serializers.ChoiceField(choices=choices.Ledger.Account.choices)
    amount = MoneyField(help_text="Debit above zero, credit below.")
    kind = serializers.CharField()
    transaction = serializers.UUIDField()
    reverses = serializers.UUIDField(allow_null=True)
    source_type = serializers.CharField()
    source_id = serializers.UUIDField()


class FindingSerializer(serializers.Serializer[object]):
    invariant = serializers.CharField()
    what = serializers.CharField()
    subject = serializers.CharField()


class ExceptionsSerializer(serializers.Serializer[object]):
    checked_at = serializers.DateTimeField()
    findings = FindingSerializer(many=True)
