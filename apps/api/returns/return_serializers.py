"""A return as the portal shows it, for OpenAPI."""

from rest_framework import serializers

from apps.api.common.described import ReplacementSerializer
from apps.api.common.fields import MoneyField
from apps.api.returns.serializers import TimeToMoneySerializer
from apps.orders import choices


class SummaryUnitSerializer(serializers.Serializer[object]):
    title = serializers.CharField()
    quantity = serializers.IntegerField()
    wish = serializers.ChoiceField(choices=choices.ReturnLineItem.Wish.choices)


class SummarySerializer(serializers.Serializer[object]):
    number = serializers.CharField()
    type = serializers.ChoiceField(choices=choices.Return.Type.choices)
    status = serializers.ChoiceField(choices=choices.Return.Status.choices)
    text = serializers.CharField()
    refund_method = serializers.ChoiceField(choices=choices.Return.RefundMethod.choices)
    net = MoneyField()
    requested_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    units = SummaryUnitSerializer(many=True)


class UnitSerializer(SummaryUnitSerializer):
    """`comment` and `images` only for a proved session."""

    id = serializers.UUIDField()
    line = serializers.UUIDField()
    variant_title = serializers.CharField()
    image_url = serializers.CharField()
    reason = serializers.CharField(allow_null=True)
    reason_text = serializers.CharField()
    comment = serializers.CharField()
    images = serializers.ListField(child=serializers.CharField())
    reception = serializers.ChoiceField(choices=choices.ReturnLineItem.Reception.choices)
    decision = serializers.ChoiceField(choices=choices.ReturnLineItem.Decision.choices)
    reject_reason = serializers.CharField()
    amount = MoneyField()


class PortalExchangeSerializer(serializers.Serializer[object]):
    unit = serializers.UUIDField()
    title = serializers.CharField()
    quantity = serializers.IntegerField()
    price = MoneyField()
    status = serializers.ChoiceField(choices=choices.ExchangeLineItem.Status.choices)
    text = serializers.CharField()
    replacement = ReplacementSerializer(allow_null=True)


class LabelSerializer(serializers.Serializer[object]):
    status = serializers.CharField()
    text = serializers.CharField()
    url = serializers.CharField(allow_null=True, help_text="Needs a proved session.")
    expires_at = serializers.DateTimeField(allow_null=True)
    tracking_number = serializers.CharField()
    tracking_url = serializers.CharField()


class ShipmentSerializer(serializers.Serializer[object]):
    status = serializers.CharField()
    carrier = serializers.CharField()
    tracking_number = serializers.CharField()


class AccountSerializer(serializers.Serializer[object]):
    country = serializers.CharField()
    last_four = serializers.CharField()


class RefundPaymentSerializer(serializers.Serializer[object]):
    method = serializers.CharField()
    amount = MoneyField()
    status = serializers.CharField()
    text = serializers.CharField()
    paid_at = serializers.DateTimeField(allow_null=True)


class RefundSerializer(serializers.Serializer[object]):
    status = serializers.ChoiceField(
        choices=["none", "awaiting", "pending", "processing", "succeeded", "failed"]
    )
    text = serializers.CharField()
    amount = MoneyField()
    account = AccountSerializer(allow_null=True, help_text="Only for a proved session.")
    payments = RefundPaymentSerializer(many=True)


class PortalPaymentSerializer(serializers.Serializer[object]):
    status = serializers.ChoiceField(
        choices=["preparing", "open", "processing", "paid", "given_back", "closed"]
    )
    text = serializers.CharField()
    amount = MoneyField()
    url = serializers.CharField(allow_null=True, help_text="Where to pay, while it is open.")
    expires_at = serializers.DateTimeField(allow_null=True)


class CreditSerializer(serializers.Serializer[object]):
    is_at_shop = serializers.BooleanField(help_text="The shop keeps it, and knows what is left.")
    code = serializers.CharField(
        allow_null=True,
        help_text="Only for a proved session; null too where it stands on an account at the shop.",
    )
    balance = MoneyField(allow_null=True)
    issued = MoneyField()
    expires_at = serializers.DateTimeField()


class PortalPartSerializer(serializers.Serializer[object]):
    time_to_money = TimeToMoneySerializer()
    amount = MoneyField()
    status = serializers.ChoiceField(choices=choices.Advance.PartStatus.choices)
    text = serializers.CharField()
    released_at = serializers.DateTimeField(allow_null=True)


class PortalAdvanceSerializer(serializers.Serializer[object]):
    amount = MoneyField()
    parts = PortalPartSerializer(many=True)
    owed = MoneyField(help_text="Of units that were not accepted.")
    cover_ends_at = serializers.DateTimeField(help_text="The goods are to be there by then.")
    text = serializers.CharField()


class TimelineSerializer(serializers.Serializer[object]):
    at = serializers.DateTimeField()
    kind = serializers.CharField()
    text = serializers.CharField()


class PortalReturnSerializer(SummarySerializer):
    mode = serializers.ChoiceField(choices=choices.Return.Mode.choices)
    return_method = serializers.DictField(child=serializers.CharField())
    reject_reason = serializers.CharField()
    opened_at = serializers.DateTimeField(allow_null=True)
    shipped_at = serializers.DateTimeField(allow_null=True)
    received_at = serializers.DateTimeField(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    expires_at = serializers.DateTimeField(allow_null=True)
    units = UnitSerializer(many=True)
    exchanges = PortalExchangeSerializer(many=True)
    label = LabelSerializer()  # type: ignore[assignment]
    shipment = ShipmentSerializer(allow_null=True)
    qr = serializers.CharField(help_text="What the code on the label holds.")
    payment = PortalPaymentSerializer(
        allow_null=True, help_text="What is to be paid before the return opens."
    )
    refund = RefundSerializer()
    advance = PortalAdvanceSerializer(allow_null=True, help_text="Only of an instant return.")
    credits = CreditSerializer(many=True)
    next_steps = serializers.ListField(child=serializers.CharField())
    timeline = TimelineSerializer(many=True)
    words = serializers.ListField(child=serializers.CharField())
    breakdown = serializers.JSONField(help_text="What was settled, else what was quoted.")
    can_cancel = serializers.BooleanField()
    can_keep = serializers.BooleanField(help_text="Only of an instant return, before it is sent.")
    can_enter_tracking = serializers.BooleanField()
