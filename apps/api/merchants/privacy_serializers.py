"""Serializers that only describe, for OpenAPI, what becomes of a shopper's data."""

from rest_framework import serializers

from apps.orders.modules.privacy import choices


class PrivacyRequestSerializer(serializers.Serializer[object]):
    id = serializers.UUIDField()
    store = serializers.CharField(help_text="Only what is known there; empty for all stores.")
    kind = serializers.ChoiceField(choices=choices.PrivacyRequest.Kind.choices)
    asked_by = serializers.ChoiceField(choices=choices.PrivacyRequest.Source.choices)
    status = serializers.ChoiceField(choices=choices.PrivacyRequest.Status.choices)
    reference = serializers.CharField()
    why = serializers.ListField(
        child=serializers.CharField(), help_text="What an erasure waits for, as `code:number`."
    )
    refusal = serializers.CharField(help_text="Why it was refused, as the shopper reads it.")
    counts = serializers.DictField(child=serializers.IntegerField())
    asked_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    done_at = serializers.DateTimeField(allow_null=True)
