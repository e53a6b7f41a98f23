"""What the shopper portal shows, for OpenAPI; the shapes are plain dicts."""

from rest_framework import serializers

from apps.api.common.fields import MoneyField
from apps.orders import choices
from apps.underwriting.choices import Rung


class ReasonSerializer(serializers.Serializer[object]):
    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    needs_photo = serializers.BooleanField()
    needs_text = serializers.BooleanField()
    children = serializers.ListField(child=serializers.JSONField())


class LookupFieldsSerializer(serializers.Serializer[object]):
    fields_ = serializers.ListField(child=serializers.CharField())
    proof_first = serializers.BooleanField()

    def get_fields(self) -> dict[str, serializers.Field]:  # type: ignore[type-arg]
        # `fields` is a name of DRF's own.
        found = super().get_fields()
        return {name.rstrip("_"): field for name, field in found.items()}


class StoreSerializer(serializers.Serializer[object]):
    slug = serializers.CharField()
    name = serializers.CharField()
    currency = serializers.CharField()
    language = serializers.CharField(help_text="The one this answer is in.")
    languages = serializers.ListField(child=serializers.CharField())
    branding = serializers.DictField(child=serializers.CharField())
    policy_url = serializers.CharField()
    lookup = LookupFieldsSerializer()
    refund_methods = serializers.ListField(child=serializers.CharField())
    exchanges_enabled = serializers.BooleanField()
    reasons = ReasonSerializer(many=True)


class LookedUpSerializer(serializers.Serializer[object]):
    """The same for a hit and a miss: whether the order was found shows at the next step."""

    token = serializers.CharField()
    next = serializers.ChoiceField(choices=["order", "proof"])


class ProofSerializer(serializers.Serializer[object]):
    id = serializers.UUIDField()
    expires_at = serializers.DateTimeField()


class SessionSerializer(serializers.Serializer[object]):
    token = serializers.CharField()
    level = serializers.CharField()


class CustomerSerializer(serializers.Serializer[object]):
    name = serializers.CharField()
    email = serializers.CharField()
    address = serializers.DictField(child=serializers.CharField())


class UnitsSerializer(serializers.Serializer[object]):
    bought = serializers.IntegerField()
    sent = serializers.IntegerField()
    in_returns = serializers.IntegerField()
    returnable = serializers.IntegerField()


class RefusalSerializer(serializers.Serializer[object]):
    code = serializers.CharField()
    message = serializers.CharField()


class PortalLineSerializer(serializers.Serializer[object]):
    id = serializers.UUIDField()
    title = serializers.CharField()
    variant_title = serializers.CharField()
    sku = serializers.CharField()
    image_url = serializers.CharField()
    unit_price = MoneyField()
    paid = MoneyField()
    units = UnitsSerializer()
    is_eligible = serializers.BooleanField()
    needs_approval = serializers.BooleanField()
    last_day = serializers.DateField(allow_null=True)
    refusals = RefusalSerializer(many=True)


class PortalOrderSerializer(serializers.Serializer[object]):
    """`customer` is masked unless `level` is proved."""

    number = serializers.CharField()
    placed_at = serializers.DateTimeField()
    shipped_at = serializers.DateTimeField(allow_null=True)
    delivered_at = serializers.DateTimeField(allow_null=True)
    currency = serializers.CharField()
    total = MoneyField()
    level = serializers.CharField()
    customer = CustomerSerializer()
    lines = PortalLineSerializer(many=True)


class ExchangeOptionSerializer(serializers.Serializer[object]):
    variant_id = serializers.CharField()
    title = serializers.CharField()
    sku = serializers.CharField()
    price = MoneyField()
    difference = MoneyField(help_text="For one unit: above zero the shopper pays it.")
    available = serializers.IntegerField()


class LineOptionsSerializer(serializers.Serializer[object]):
    line = serializers.UUIDField()
    options = ExchangeOptionSerializer(many=True)


class ExchangeOptionsSerializer(serializers.Serializer[object]):
    lines = LineOptionsSerializer(many=True)


class PricesSerializer(serializers.Serializer[object]):
    refund = MoneyField(allow_null=True)
    exchange = MoneyField(allow_null=True)
    store_credit = MoneyField(allow_null=True)


class MethodSerializer(serializers.Serializer[object]):
    code = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.CharField()
    keeps_goods = serializers.BooleanField()
    price_per = serializers.ChoiceField(choices=["request", "parcel"])
    prices = PricesSerializer(help_text="By outcome; null where it is not offered.")


class PointSerializer(serializers.Serializer[object]):
    name = serializers.CharField()
    address = serializers.DictField(child=serializers.CharField())
    opening_hours = serializers.ListField(child=serializers.CharField())


class MethodsSerializer(serializers.Serializer[object]):
    methods = MethodSerializer(many=True)
    drop_off_points = PointSerializer(many=True, help_text="The ten nearest.")


class EvidenceSerializer(serializers.Serializer[object]):
    id = serializers.UUIDField()
    url = serializers.CharField(help_text="Good for ten minutes, without a credential.")
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    size = serializers.IntegerField()


class TimeToMoneySerializer(serializers.Serializer[object]):
    code = serializers.ChoiceField(choices=Rung.choices)
    text = serializers.CharField()


class AdvancePartSerializer(serializers.Serializer[object]):
    time_to_money = TimeToMoneySerializer()
    amount = MoneyField()


class ConsentSerializer(serializers.Serializer[object]):
    version = serializers.CharField(help_text="Sent back as `consent_version`.")
    text = serializers.CharField()
    cap = MoneyField(help_text="The most that may be asked back.")
    deadline = serializers.DateTimeField(help_text="The goods are to be there by then.")
    charge_until = serializers.DateTimeField(help_text="Nothing is charged after it.")


class InstantSerializer(serializers.Serializer[object]):
    """`reason` and its text where the return is standard; else the offer."""

    is_offered = serializers.BooleanField()
    reason = serializers.CharField()
    text = serializers.CharField()
    parts = AdvancePartSerializer(many=True)
    cover_days = serializers.IntegerField(allow_null=True)
    consent = ConsentSerializer(allow_null=True)


class OptionSerializer(serializers.Serializer[object]):
    method = serializers.ChoiceField(choices=choices.Return.RefundMethod.choices)
    net = MoneyField()
    refund = MoneyField()
    due = MoneyField()
    is_open = serializers.BooleanField()
    needs_proof = serializers.BooleanField()
    summary = serializers.CharField()
    expected = serializers.CharField()
    words = serializers.ListField(child=serializers.CharField())
    breakdown = serializers.JSONField(help_text="The tree: line, allocation, tax, rounding step.")
    instant = InstantSerializer(allow_null=True, help_text="Null: not at this store.")


class QuoteSerializer(serializers.Serializer[object]):
    id = serializers.UUIDField()
    currency = serializers.CharField()
    expires_at = serializers.DateTimeField()
    parcels = serializers.IntegerField()
    options = OptionSerializer(many=True)
