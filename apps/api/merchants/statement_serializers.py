"""A statement as a document, for OpenAPI."""

from typing import Any, override

from rest_framework import serializers

from apps.api.common.fields import MoneyField
from apps.payments import choices


class LedgerMovementSerializer(serializers.Serializer[object]):
    at = serializers.DateTimeField()
    kind = serializers.CharField()
    source_type = serializers.CharField()
    source_id = serializers.UUIDField()
    amount = MoneyField(help_text="Debit above zero, credit below.")
    balance = MoneyField(help_text="Of the account, by this movement.")


class AccountPageSerializer(serializers.Serializer[object]):
    """Balances are debit less credit, whatever the nature: each currency sums to zero."""

    account = serializers.ChoiceField(choices=choices.Ledger.Account.choices)
    title = serializers.CharField()
    nature = serializers.ChoiceField(choices=choices.Ledger.Nature.choices)
    currency = serializers.CharField()
    opening = MoneyField()
    debit = MoneyField()
    credit = MoneyField()
    closing = MoneyField()
    movements = LedgerMovementSerializer(many=True)


class StatementDocumentSerializer(serializers.Serializer[object]):
    to = serializers.DateTimeField()
    merchant = serializers.CharField()
    accounts = AccountPageSerializer(many=True)

    @override
    def get_fields(self) -> dict[str, Any]:
        """`from` is a word of Python's own."""
        return {"from": serializers.DateTimeField(), **super().get_fields()}
