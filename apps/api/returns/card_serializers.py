"""A saved card as the portal shows it, for OpenAPI."""

from rest_framework import serializers

from apps.api.common.fields import MoneyField
from apps.payments import choices


class CardSerializer(serializers.Serializer[object]):
    status = serializers.ChoiceField(choices=choices.SavedCard.Status.choices)
    url = serializers.CharField(
        allow_null=True, help_text="Where the card is given; made within seconds."
    )
    expires_at = serializers.DateTimeField(allow_null=True)
    brand = serializers.CharField()
    last4 = serializers.CharField()
    text = serializers.CharField(help_text="What was agreed to.")
    version = serializers.CharField()
    cap = MoneyField()
    charge_until = serializers.DateTimeField()
