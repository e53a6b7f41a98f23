"""Serializers that only describe, for OpenAPI, what is shown of the traffic with shops."""

from rest_framework import serializers

from apps.integrations import choices


class OrderSyncSerializer(serializers.Serializer[object]):
    id = serializers.UUIDField()
    store = serializers.CharField()
    kind = serializers.ChoiceField(choices=choices.OrderSync.Kind.choices)
    status = serializers.ChoiceField(choices=choices.OrderSync.Status.choices)
    since = serializers.DateTimeField()
    pages = serializers.IntegerField()
    imported = serializers.IntegerField()
    updated = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    refused = serializers.IntegerField()
    expected = serializers.IntegerField(
        allow_null=True, help_text="Orders that the shop has in all, where it says so."
    )
    setbacks = serializers.IntegerField(
        help_text="Times that the shop lost what it had prepared, and reading began anew."
    )
    failures = serializers.IntegerField(help_text="In a row; it is given up after ten.")
    last_error = serializers.CharField()
    next_at = serializers.DateTimeField(help_text="When the shop is asked again, while running.")
    asked_at = serializers.DateTimeField(allow_null=True)
    done_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class SyncRefusalSerializer(serializers.Serializer[object]):
    id = serializers.UUIDField()
    external_id = serializers.CharField(help_text="The shop's id of the order.")
    code = serializers.CharField()
    detail = serializers.CharField()


class PlatformActionSerializer(serializers.Serializer[object]):
    id = serializers.UUIDField()
    store = serializers.CharField()
    ret = serializers.UUIDField(help_text="The return that it belongs to.")
    kind = serializers.ChoiceField(choices=choices.PlatformAction.Kind.choices)
    status = serializers.ChoiceField(choices=choices.PlatformAction.Status.choices)
    reference = serializers.CharField(help_text="Ours, kept by the shop with what it made.")
    external_id = serializers.CharField(help_text="What the shop made of it.")
    code = serializers.CharField(help_text="Why it is not done.")
    why = serializers.CharField(help_text="Why the platform does not offer it.")
    attempts = serializers.IntegerField()
    next_at = serializers.DateTimeField()
    sent_at = serializers.DateTimeField(allow_null=True)
    done_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
