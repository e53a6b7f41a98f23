"""What a customer sees of own rows: no notes, no risk, no other store."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from apps.api.common.fields import MoneyField
from apps.core.money import Money
from apps.orders.modules.privacy import choices

ORDER_COLUMNS = ("id", "number", "placed_at", "delivered_at", "total_minor", "currency")
RETURN_COLUMNS = (
    "id",
    "number",
    "order_id",
    "status",
    "refund_method",
    "net_minor",
    "currency",
    "requested_at",
)


class CodeSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    expires_at = serializers.DateTimeField()


class SessionSerializer(serializers.Serializer[Any]):
    token = serializers.CharField(help_text="Shown once; send it as `Authorization: Bearer`.")
    expires_at = serializers.DateTimeField(help_text="At most; 60 idle minutes end it earlier.")


class ProfileSerializer(serializers.Serializer[Any]):
    email = serializers.CharField()
    name = serializers.CharField()
    phone = serializers.CharField()
    language = serializers.CharField()


class OrderRowSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    number = serializers.CharField()
    placed_at = serializers.DateTimeField()
    delivered_at = serializers.DateTimeField(allow_null=True)
    total = MoneyField()


class OrderLineSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    title = serializers.CharField()
    variant_title = serializers.CharField()
    image_url = serializers.CharField()
    quantity = serializers.IntegerField()
    returned_quantity = serializers.IntegerField()
    paid = MoneyField()


class OrderSerializer(OrderRowSerializer):
    lines = OrderLineSerializer(many=True)


class ReturnRowSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    number = serializers.CharField()
    order_id = serializers.UUIDField()
    status = serializers.CharField()
    refund_method = serializers.CharField()
    net = MoneyField(help_text="Below zero: the customer pays.")
    requested_at = serializers.DateTimeField()


class ReturnLineSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    title = serializers.CharField(source="line_item.title")
    quantity = serializers.IntegerField()
    wish = serializers.CharField()
    reception = serializers.CharField()
    decision = serializers.CharField()
    amount = MoneyField()


class ShipmentSerializer(serializers.Serializer[Any]):
    status = serializers.CharField()
    carrier = serializers.CharField()
    tracking_number = serializers.CharField()


class MomentSerializer(serializers.Serializer[Any]):
    kind = serializers.CharField()
    at = serializers.DateTimeField()


class ReturnSerializer(ReturnRowSerializer):
    reject_reason = serializers.CharField()
    lines = ReturnLineSerializer(many=True)
    shipments = ShipmentSerializer(many=True)
    timeline = MomentSerializer(many=True)


class PrivacyRequestSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=choices.PrivacyRequest.Kind.choices)
    asked_by = serializers.ChoiceField(
        choices=choices.PrivacyRequest.Source.choices, source="source"
    )
    status = serializers.ChoiceField(choices=choices.PrivacyRequest.Status.choices)
    why = serializers.ListField(
        child=serializers.CharField(), help_text="What an erasure waits for, as `code:number`."
    )
    refusal = serializers.CharField(help_text="Why it was refused, in the merchant's words.")
    asked_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(help_text="Later where something takes long: see `why`.")
    done_at = serializers.DateTimeField(allow_null=True)


def with_money(row: Mapping[str, Any], shown: str, column: str) -> dict[str, Any]:
    """A row of `.values()` with its minor units and currency shown as Money."""
    hidden = {column, "currency"}
    rest = {name: value for name, value in row.items() if name not in hidden}
    return {**rest, shown: Money(row[column], row["currency"])}
