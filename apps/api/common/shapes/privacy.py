"""What is known of a shopper, as both the shopper and the merchant take it."""

from typing import Any

from rest_framework import serializers


def _rows() -> serializers.ListField:
    return serializers.ListField(child=serializers.DictField())


class ExportSerializer(serializers.Serializer[Any]):
    customer = serializers.DictField()
    orders = _rows()
    payments = _rows()
    shipments = _rows()
    consents = _rows()
    cards = _rows()
    recoveries = _rows()
    store_credit = _rows()
    bank_accounts = _rows()
