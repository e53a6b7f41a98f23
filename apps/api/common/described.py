"""Serializers that only describe, for OpenAPI, what the shapes of orders and returns show."""

from rest_framework import serializers

from apps.api.common.fields import MoneyField
from apps.api.common.shapes.refunds import AWAITING, NONE, WORST_FIRST
from apps.orders import choices


class JsonObject(serializers.JSONField):
    pass


class LineSerializer(serializers.Serializer[object]):
    id = serializers.UUIDField()
    external_id = serializers.CharField()
    title = serializers.CharField()
    variant_title = serializers.CharField()
    sku = serializers.CharField()
    ean = serializers.CharField()
    product_id = serializers.CharField()
    variant_id = serializers.CharField()
    category = serializers.CharField()
    quantity = serializers.IntegerField()
    fulfilled_quantity = serializers.IntegerField()
    returned_quantity = serializers.IntegerField()
    refunded_quantity = serializers.IntegerField()
    unit_price = MoneyField()
    total = MoneyField()
    tax = MoneyField()
    paid = MoneyField()
    refunded = MoneyField()
    is_final_sale = serializers.BooleanField()
    is_gift = serializers.BooleanField()
    is_returnable = serializers.BooleanField()
    image_url = serializers.CharField()


class TenderSerializer(serializers.Serializer[object]):
    external_id = serializers.CharField()
    kind = serializers.ChoiceField(choices=choices.Order.TenderKind.choices)
    gateway = serializers.CharField()
    captured = MoneyField()
    refunded = MoneyField()


class OrderSerializer(serializers.Serializer[object]):
    id = serializers.UUIDField()
    store = serializers.CharField()
    external_id = serializers.CharField()
    number = serializers.CharField()
    currency = serializers.CharField()
    presentment_currency = serializers.CharField()
    tax_included = serializers.BooleanField()
    placed_at = serializers.DateTimeField()
    shipped_at = serializers.DateTimeField(allow_null=True)
    delivered_at = serializers.DateTimeField(allow_null=True)
    cancelled_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField()
    total = MoneyField()
    captured = MoneyField()
    refunded = MoneyField()
    shipping = MoneyField()
    duties = MoneyField()
    email = serializers.CharField()
    shipping_address = serializers.DictField(child=serializers.CharField())
    tags = serializers.ListField(child=serializers.CharField())
    flags = serializers.ListField(child=serializers.CharField())
    lines = LineSerializer(many=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class OrderDetailSerializer(OrderSerializer):
    payments = TenderSerializer(many=True)
    result = serializers.ChoiceField(
        choices=["created", "updated", "unchanged", "stale"], required=False
    )


class OrderReferenceSerializer(serializers.Serializer[object]):
    id = serializers.UUIDField()
    number = serializers.CharField()
    external_id = serializers.CharField()


class OrderLineReferenceSerializer(serializers.Serializer[object]):
    id = serializers.UUIDField()
    external_id = serializers.CharField()
    title = serializers.CharField()
    sku = serializers.CharField()


class ReturnLineSerializer(serializers.Serializer[object]):
    id = serializers.UUIDField()
    order_line = OrderLineReferenceSerializer()
    quantity = serializers.IntegerField()
    wish = serializers.ChoiceField(choices=choices.ReturnLineItem.Wish.choices)
    reason = serializers.CharField(allow_null=True)
    sub_reason = serializers.CharField(allow_null=True)
    comment = serializers.CharField()
    images = serializers.ListField(child=serializers.CharField())
    reception = serializers.ChoiceField(choices=choices.ReturnLineItem.Reception.choices)
    decision = serializers.ChoiceField(choices=choices.ReturnLineItem.Decision.choices)
    reject_reason = serializers.CharField()
    disposition = serializers.CharField()
    grade = serializers.CharField()
    amount = MoneyField()
    tax = MoneyField()
    received_at = serializers.DateTimeField(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)


class ReturnSerializer(serializers.Serializer[object]):
    id = serializers.UUIDField()
    number = serializers.CharField()
    store = serializers.CharField()
    order = OrderReferenceSerializer()
    external_id = serializers.CharField()
    type = serializers.ChoiceField(choices=choices.Return.Type.choices)
    mode = serializers.ChoiceField(choices=choices.Return.Mode.choices)
    status = serializers.ChoiceField(choices=choices.Return.Status.choices)
    filed_by = serializers.ChoiceField(choices=choices.Return.FiledBy.choices)
    refund_method = serializers.ChoiceField(choices=choices.Return.RefundMethod.choices)
    return_method = serializers.DictField(child=serializers.CharField())
    net = MoneyField()
    reject_reason = serializers.CharField()
    requested_at = serializers.DateTimeField()
    opened_at = serializers.DateTimeField(allow_null=True)
    shipped_at = serializers.DateTimeField(allow_null=True)
    received_at = serializers.DateTimeField(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    expires_at = serializers.DateTimeField(allow_null=True)
    lines = ReturnLineSerializer(many=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class ReplacementSerializer(serializers.Serializer[object]):
    """What is paid instead of goods that ran out once the return was settled with them."""

    kind = serializers.ChoiceField(choices=choices.Return.RefundMethod.choices)
    amount = MoneyField()
    paid_on_top = MoneyField(help_text="Goes back to where the shopper paid it for the new goods.")
    state = serializers.ChoiceField(
        choices=[AWAITING, NONE, *WORST_FIRST],
        help_text="Of the payments of `amount`; `awaiting` until there are some.",
    )


class ExchangeSerializer(serializers.Serializer[object]):
    id = serializers.UUIDField()
    return_line = serializers.UUIDField()
    variant_id = serializers.CharField()
    sku = serializers.CharField()
    title = serializers.CharField()
    quantity = serializers.IntegerField()
    price = MoneyField()
    fallback = serializers.ChoiceField(choices=choices.ExchangeLineItem.Fallback.choices)
    platform_order_id = serializers.CharField()
    status = serializers.ChoiceField(choices=choices.ExchangeLineItem.Status.choices)
    replacement = ReplacementSerializer(allow_null=True)


class NoteSerializer(serializers.Serializer[object]):
    text = serializers.CharField()
    at = serializers.DateTimeField()
    author = serializers.CharField()


class ReturnDetailSerializer(ReturnSerializer):
    exchanges = ExchangeSerializer(many=True)
    breakdown = JsonObject(help_text="The tree of the quote: net, refund, due, lines, legs.")
    settlement = JsonObject(allow_null=True, help_text="The tree of what was accepted.")
    policy_version = serializers.IntegerField()
    notes = NoteSerializer(many=True)
