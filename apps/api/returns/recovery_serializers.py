"""Serializers that only describe, for OpenAPI, what is asked back of a shopper."""

from rest_framework import serializers

from apps.api.common.fields import MoneyField
from apps.orders.modules.recoveries import choices


class PortalRecoverySerializer(serializers.Serializer[object]):
    id = serializers.UUIDField()
    cause = serializers.ChoiceField(choices=choices.Recovery.Cause.choices)
    cause_text = serializers.CharField()
    status = serializers.ChoiceField(choices=choices.Recovery.Status.choices)
    text = serializers.CharField()
    due = MoneyField()
    paid = MoneyField()
    left = MoneyField()
    instalments = serializers.ListField(child=MoneyField())
    objection_ends_at = serializers.DateTimeField()
    charge_at = serializers.DateTimeField(allow_null=True)
    pay_url = serializers.CharField(allow_null=True)
    pay_url_expires_at = serializers.DateTimeField(allow_null=True)
    contested = serializers.ListField(child=serializers.CharField())
