"""An order as a third party tells it, judged for form; the store's own rules come after."""

from dataclasses import dataclass
from typing import Any, override

from rest_framework import serializers

from apps.api.common.fields import (
    CountryField,
    CurrencyField,
    MoneyField,
    StrictBoolField,
    StrictCharField,
    StrictChoiceField,
    StrictDateTimeField,
    StrictEmailField,
    StrictIntegerField,
    StrictListField,
)
from apps.api.common.forms import Form
from apps.api.common.pages import Ordering, PageForm
from apps.core.money import Money
from apps.integrations.dtos import (
    Address,
    CustomerSnapshot,
    DiscountSnapshot,
    LineSnapshot,
    OrderSnapshot,
    ShippingSnapshot,
    TaxSnapshot,
    TenderSnapshot,
)
from apps.orders import choices

MAX_QUANTITY = 100_000


@dataclass(frozen=True, slots=True)
class ToldOrder:
    """`store` is a slug, empty when the merchant has one store only."""

    store: str
    snapshot: OrderSnapshot


@dataclass(frozen=True, slots=True)
class OrderFilters:
    store: str = ""
    number: str = ""
    external_id: str = ""
    email: str = ""


def optional(field: type[serializers.Field[Any, Any, Any, Any]], **kwargs: Any) -> Any:
    return field(required=False, **kwargs)


def text(length: int) -> Any:
    return StrictCharField(max_length=length, required=False, allow_blank=True, default="")


class AddressForm(Form[Address]):
    into = Address
    name, company, street, street2 = text(100), text(100), text(100), text(100)
    postcode, city, region, phone = text(20), text(100), text(100), text(20)
    country = CountryField(required=False)


class CustomerForm(Form[CustomerSnapshot]):
    into = CustomerSnapshot
    email = StrictEmailField(required=False, allow_blank=True, default="")
    name, phone, external_id, language = text(100), text(20), text(80), text(8)


class DiscountForm(Form[DiscountSnapshot]):
    into = DiscountSnapshot
    label = StrictCharField(max_length=100)  # type: ignore[assignment]
    amount = MoneyField()


class TaxForm(Form[TaxSnapshot]):
    into = TaxSnapshot
    title = StrictCharField(max_length=100)
    rate = serializers.RegexField(r"^(0(\.[0-9]{1,6})?|1(\.0{1,6})?)$", required=False, default="")
    amount = MoneyField()


class LineForm(Form[LineSnapshot]):
    """`total` is what was paid for the whole line; without it, the list price less discounts."""

    into = LineSnapshot
    external_id = StrictCharField(max_length=80)
    title = StrictCharField(max_length=255)
    quantity = StrictIntegerField(min_value=1, max_value=MAX_QUANTITY)
    unit_price = MoneyField()
    total = MoneyField(required=False)
    tax = MoneyField(required=False)
    sku, ean, product_id, variant_id = text(80), text(20), text(80), text(80)
    variant_title, category = text(120), text(120)
    discounts = DiscountForm.list_of(required=False, min_length=0, max_length=20)
    taxes = TaxForm.list_of(required=False, min_length=0, max_length=10)
    fulfilled_quantity = StrictIntegerField(min_value=0, max_value=MAX_QUANTITY, required=False)
    is_final_sale = StrictBoolField(required=False, default=False)
    is_gift = StrictBoolField(required=False, default=False)
    is_returnable = StrictBoolField(required=False, default=True)
    hs_code = text(16)
    origin_country = CountryField(required=False)
    weight_grams = StrictIntegerField(min_value=0, max_value=1_000_000, required=False)
    image_url = text(500)

    @override
    def build(self, values: dict[str, Any]) -> LineSnapshot:
        price: Money = values["unit_price"]
        values["discounts"] = tuple(values.get("discounts", ()))
        values["taxes"] = tuple(values.get("taxes", ()))
        amounts = [*values["discounts"], *values["taxes"]]
        sums = [each.amount for each in amounts]
        sums += [values[name] for name in ("total", "tax") if name in values]
        if any(each.currency != price.currency for each in sums):
            self._refuse("currency", "Every amount of a line has the currency of its price.")
        off = Money.total((each.amount for each in values["discounts"]), price.currency)
        taxed = Money.total((each.amount for each in values["taxes"]), price.currency)
        values.setdefault("total", price * values["quantity"] - off)
        values.setdefault("tax", taxed)
        if values["total"].minor < 0:
            self._refuse("discounts", "More discount than the line costs.")
        if values.get("fulfilled_quantity", 0) > values["quantity"]:
            self._refuse("fulfilled_quantity", "More units fulfilled than bought.")
        return super().build(values)

    @staticmethod
    def _refuse(field: str, message: str) -> None:
        raise serializers.ValidationError({field: [message]}, code="invalid")


class ShippingForm(Form[ShippingSnapshot]):
    into = ShippingSnapshot
    title = StrictCharField(max_length=100)
    total = MoneyField()
    tax = MoneyField(required=False)

    @override
    def build(self, values: dict[str, Any]) -> ShippingSnapshot:
        values.setdefault("tax", Money.zero(values["total"].currency))
        return super().build(values)


class PaymentForm(Form[TenderSnapshot]):
    into = TenderSnapshot
    external_id = StrictCharField(max_length=120)
    kind = StrictChoiceField(choices=choices.Order.TenderKind.choices)
    captured = MoneyField()
    refunded = MoneyField(required=False)
    gateway = text(60)

    @override
    def build(self, values: dict[str, Any]) -> TenderSnapshot:
        values.setdefault("refunded", Money.zero(values["captured"].currency))
        return super().build(values)


class OrderForm(Form[ToldOrder]):
    """`external_id` is the caller's own id; telling it again updates the order."""

    into = ToldOrder
    store = StrictCharField(max_length=60, required=False, default="")
    external_id = StrictCharField(max_length=80)
    number = StrictCharField(max_length=60)
    currency = CurrencyField()
    placed_at = StrictDateTimeField()
    tax_included = StrictBoolField(required=False, default=True)
    total = MoneyField()
    lines = LineForm.list_of(max_length=500)
    shipping = ShippingForm.list_of(required=False, min_length=0, max_length=20)
    duties = MoneyField(required=False)
    payments = PaymentForm.list_of(required=False, min_length=0, max_length=20)
    customer = CustomerForm(required=False)
    shipping_address = AddressForm(required=False)
    shipped_at = StrictDateTimeField(required=False)
    delivered_at = StrictDateTimeField(required=False)
    cancelled_at = StrictDateTimeField(required=False)
    updated_at = StrictDateTimeField(required=False)
    presentment_currency = CurrencyField(required=False)
    tags = StrictListField(child=StrictCharField(max_length=60), max_length=50, required=False)

    @override
    def build(self, values: dict[str, Any]) -> ToldOrder:
        store = values.pop("store")
        values["tenders"] = tuple(values.pop("payments", ()))
        for name in ("lines", "shipping", "tags"):
            values[name] = tuple(values.get(name, ()))
        if "updated_at" in values:
            values["platform_updated_at"] = values.pop("updated_at")
        snapshot = OrderSnapshot(**values)
        _one_currency(snapshot)
        _one_id_each(snapshot)
        return ToldOrder(store, snapshot)


class BulkForm(Form[tuple[ToldOrder, ...]]):
    """1 to 100 orders; the body may be as large as any other (256 kB)."""

    orders = serializers.ListField(child=serializers.JSONField(), min_length=1, max_length=100)

    @override
    def build(self, values: dict[str, Any]) -> Any:
        return tuple(values["orders"])


def _one_currency(order: OrderSnapshot) -> None:
    amounts = [order.total, *(line.unit_price for line in order.lines)]
    amounts += [each.total for each in order.shipping] + [each.tax for each in order.shipping]
    amounts += [each.captured for each in order.tenders] + [each.refunded for each in order.tenders]
    amounts += [order.duties] if order.duties else []
    if any(amount.currency != order.currency for amount in amounts):
        message = "Every amount has the currency of the order."
        raise serializers.ValidationError({"currency": [message]}, code="currency_mismatch")


def _one_id_each(order: OrderSnapshot) -> None:
    ids = [line.external_id for line in order.lines]
    payments = [tender.external_id for tender in order.tenders]
    if len(set(ids)) != len(ids) or len(set(payments)) != len(payments):
        message = "Two lines or two payments have the same id."
        raise serializers.ValidationError({"lines": [message]}, code="duplicate_id")


class OrdersPage(PageForm):
    into = OrderFilters
    orderings = (Ordering("placed_at"), Ordering("placed_at", descending=False))
    store = optional(serializers.CharField, max_length=60)
    number = optional(serializers.CharField, max_length=60)
    external_id = optional(serializers.CharField, max_length=80)
    email = optional(serializers.CharField, max_length=254)
