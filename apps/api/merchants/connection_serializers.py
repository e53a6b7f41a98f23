"""Serializers that only describe, for OpenAPI, how a store is connected."""

from rest_framework import serializers

from apps.accounts import choices as accounts
from apps.integrations.choices import Capability


class CapabilitySerializer(serializers.Serializer[object]):
    capability = serializers.ChoiceField(choices=Capability.choices)
    is_offered = serializers.BooleanField()
    why = serializers.CharField(help_text="Why not, in words; empty where it is offered.")


class SubscriptionSerializer(serializers.Serializer[object]):
    topic = serializers.CharField(help_text="In the platform's own words.")
    is_active = serializers.BooleanField()


class ConnectionSerializer(serializers.Serializer[object]):
    platform = serializers.ChoiceField(choices=accounts.Store.Platform.choices)
    domain = serializers.CharField()
    is_connected = serializers.BooleanField()
    webhook_url = serializers.CharField(help_text="Where the shop tells of changes.")
    credit_name = serializers.CharField(help_text="What the shop calls its credit.")
    capabilities = CapabilitySerializer(many=True)
    webhooks = SubscriptionSerializer(many=True)
    problem = serializers.CharField(
        help_text="Why nobody knows of the webhooks: `access_lost`, `shop_unreachable` or the "
        "shop's own code; empty where the list is what the shop says."
    )


class InstallSerializer(serializers.Serializer[object]):
    url = serializers.CharField(help_text="Where the browser goes next.")
