"""What the api host shows to third parties."""

from rest_framework import serializers

from apps.api.common.described import (
    OrderDetailSerializer,
    OrderSerializer,
    ReturnDetailSerializer,
    ReturnSerializer,
)


class BulkItemSerializer(serializers.Serializer[object]):
    index = serializers.IntegerField()
    id = serializers.UUIDField(required=False)
    external_id = serializers.CharField(required=False)
    result = serializers.ChoiceField(
        choices=["created", "updated", "unchanged", "stale"], required=False
    )
    problem = serializers.JSONField(required=False)


class BulkResultSerializer(serializers.Serializer[object]):
    results = BulkItemSerializer(many=True)
    refused = serializers.IntegerField()


__all__ = [
    "BulkResultSerializer",
    "OrderDetailSerializer",
    "OrderSerializer",
    "ReturnDetailSerializer",
    "ReturnSerializer",
]
