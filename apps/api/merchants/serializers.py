"""Serializers that only describe, for OpenAPI, what the dashboard is shown."""

from rest_framework import serializers

from apps.api.common.described import (
    JsonObject,
    OrderDetailSerializer,
    OrderSerializer,
    ReturnDetailSerializer,
    ReturnSerializer,
)
from apps.api.common.fields import MoneyField
from apps.api.merchants.advance_serializers import AdvanceSerializer
from apps.orders import choices as orders
from apps.payments import choices as payments


class Described(serializers.Serializer[object]):
    pass


class SeatRoleSerializer(Described):
    name = serializers.CharField()
    is_owner = serializers.BooleanField()
    permissions = serializers.DictField(child=serializers.CharField())
    may_refund = serializers.BooleanField()
    may_approve_payouts = serializers.BooleanField()


class SeatUserSerializer(Described):
    id = serializers.UUIDField()
    name = serializers.CharField()
    email = serializers.CharField()


class SeatMerchantSerializer(Described):
    id = serializers.UUIDField()
    name = serializers.CharField()
    slug = serializers.CharField()
    currency = serializers.CharField()
    country = serializers.CharField()
    status = serializers.CharField()


class SeatSerializer(Described):
    user = SeatUserSerializer()
    merchant = SeatMerchantSerializer()
    role = SeatRoleSerializer()
    second_factor = serializers.BooleanField()


class ImportSerializer(Described):
    id = serializers.UUIDField()
    store = serializers.CharField()
    kind = serializers.CharField()
    status = serializers.ChoiceField(choices=orders.ImportJob.Status.choices)
    file_name = serializers.CharField()
    rows_done = serializers.IntegerField()
    rows_total = serializers.IntegerField()
    counts = serializers.DictField(child=serializers.IntegerField())
    failure = serializers.CharField()
    started_at = serializers.DateTimeField(allow_null=True)
    done_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()


class ImportIssueSerializer(Described):
    line_number = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=["refused", "unmatched", "flagged"])
    code = serializers.CharField()
    message = serializers.CharField()


class ActorSerializer(Described):
    kind = serializers.CharField()
    id = serializers.CharField()
    name = serializers.CharField()


class EventSerializer(Described):
    id = serializers.UUIDField()
    sequence = serializers.IntegerField()
    kind = serializers.CharField()
    text = serializers.CharField()
    actor = ActorSerializer()
    details = JsonObject()
    at = serializers.DateTimeField()


class PriceDifferenceSerializer(Described):
    status = serializers.ChoiceField(choices=payments.Payment.Status.choices)
    amount = MoneyField()
    url = serializers.CharField(allow_null=True, help_text="Where the shopper pays, while open.")
    expires_at = serializers.DateTimeField(allow_null=True)


class ReturnFileSerializer(ReturnDetailSerializer):
    advance = AdvanceSerializer(allow_null=True, help_text="Only of an instant return.")
    payment = PriceDifferenceSerializer(
        allow_null=True, help_text="The difference that the shopper pays, once it is asked for."
    )
    timeline = EventSerializer(many=True)


class ProblemSerializer(Described):
    code = serializers.CharField()
    title = serializers.CharField()
    details = JsonObject()


class BulkItemSerializer(Described):
    id = serializers.UUIDField()
    result = serializers.ChoiceField(choices=["done", "refused"])
    problem = ProblemSerializer(required=False)


class BulkResultSerializer(Described):
    results = BulkItemSerializer(many=True)
    refused = serializers.IntegerField()


class RestockedSerializer(Described):
    line = serializers.UUIDField()
    restocked = serializers.BooleanField()
    quantity = serializers.IntegerField()


class OptionSerializer(Described):
    method = serializers.CharField()
    breakdown = JsonObject()


class QuoteSerializer(Described):
    id = serializers.UUIDField()
    expires_at = serializers.DateTimeField()
    options = OptionSerializer(many=True)


__all__ = [
    "BulkResultSerializer",
    "ImportIssueSerializer",
    "ImportSerializer",
    "JsonObject",
    "OrderDetailSerializer",
    "OrderSerializer",
    "QuoteSerializer",
    "RestockedSerializer",
    "ReturnFileSerializer",
    "ReturnSerializer",
    "SeatSerializer",
]
