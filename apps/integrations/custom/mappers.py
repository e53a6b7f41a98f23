"""The contract's JSON to dataclasses and back; docs/custom-platform.md shows each shape."""

from typing import Any

from apps.core.errors import DomainError
from apps.core.money import Money
from apps.integrations import asking, choices, payloads
from apps.integrations.custom.reading import count, each, figure, flag, money, name, shaped
from apps.integrations.dtos import (
    BasketDiscount,
    CustomerSnapshot,
    DiscountSnapshot,
    LineSnapshot,
    OrderSnapshot,
    ShippingSnapshot,
    TaxSnapshot,
    TenderSnapshot,
    UnitsOf,
)
from apps.integrations.payloads import MalformedPayload, Payload, moment_or_none, text

ADDRESS = {
    field: field
    for field in (
        "name", "company", "street", "street2", "postcode", "city", "region", "country", "phone",
    )
}  # fmt: skip
TENDERS = frozenset({"card", "credit", "gift_card", "bank", "cash", "other"})


def order_snapshot(order: Payload) -> OrderSnapshot:
    """Raises MalformedPayload or InexactAmount; the order's total is the shop's own."""
    with shaped("order"):
        return _order(order)


def order_page(told: Payload) -> asking.OrderPage:
    orders, unreadable = [], []
    with shaped("orders"):
        for payload in each(told, "orders"):
            try:
                orders.append(order_snapshot(payload))
            except DomainError as error:
                unreadable.append(_unreadable(payload, error))
        if "orders" not in told:
            raise MalformedPayload(missing="orders")
    return asking.OrderPage(
        orders=tuple(orders), unreadable=tuple(unreadable), cursor=text(told, "cursor")
    )


def shop_facts(told: Payload) -> asking.ShopFacts:
    with shaped("shop"):
        return asking.ShopFacts(
            name=name(told, "name"),
            domain=name(told, "domain"),
            currency=name(told, "currency"),
            time_zone=text(told, "time_zone"),
        )


def capabilities(told: Payload) -> str:
    """Those that we know, with commas between; a shop may already offer more than that."""
    with shaped("shop"):
        offered = told["capabilities"]
        return ",".join(sorted(set(choices.Capability) & {str(each) for each in offered}))


def variant(told: Payload) -> asking.VariantFacts:
    available = None if told.get("available") is None else count(told, "available")
    return asking.VariantFacts(
        variant_id=name(told, "id"),
        product_id=name(told, "product_id"),
        title=name(told, "title"),
        price=money(told["price"]),
        sku=text(told, "sku"),
        available=available,
    )


def fulfilment(told: Payload) -> asking.FulfilmentFacts:
    return asking.FulfilmentFacts(
        id=name(told, "id"),
        status=choices.Fulfilment.Status(told["status"]),
        lines=tuple(
            UnitsOf(line_id=name(line, "line_id"), quantity=count(line, "quantity"))
            for line in each(told, "lines")
        ),
        carrier=text(told, "carrier"),
        tracking_number=text(told, "tracking_number"),
        tracking_url=text(told, "tracking_url"),
        sent_at=moment_or_none(told, "sent_at"),
        delivered_at=moment_or_none(told, "delivered_at"),
    )


def subscription(told: Payload) -> asking.Subscription:
    return asking.Subscription(
        id=name(told, "id"),
        topic=name(told, "topic"),
        url=name(told, "url"),
        is_active=flag(told, "is_active", True),
    )


def units(lines: tuple[UnitsOf, ...]) -> list[dict[str, Any]]:
    return [
        {
            "line_id": line.line_id,
            "quantity": line.quantity,
            "reason": line.reason,
            "note": line.note,
        }
        for line in lines
    ]


def exchange(order: asking.ExchangeOrder) -> dict[str, Any]:
    return {
        "origin_id": order.origin_id,
        "reference": order.reference,
        "email": order.email,
        "is_paid": order.is_paid,
        "shipping_address": order.address.as_json(),
        "lines": [
            {
                "variant_id": line.variant_id,
                "quantity": line.quantity,
                "price": line.price.as_json(),
                "title": line.title,
                "sku": line.sku,
            }
            for line in order.lines
        ],
    }


def _order(order: Payload) -> OrderSnapshot:
    currency = name(order, "currency")
    customer = order.get("customer") or {}
    return OrderSnapshot(
        external_id=name(order, "id"),
        number=name(order, "number"),
        currency=currency,
        placed_at=payloads.moment(name(order, "placed_at")),
        tax_included=flag(order, "tax_included", True),
        total=figure(order, "total", currency),
        lines=tuple(_line(line, currency) for line in each(order, "lines")),
        shipping=tuple(_shipping(line, currency) for line in each(order, "shipping")),
        duties=figure(order, "duties", currency) if order.get("duties") else None,
        discounts=tuple(_basket(line, currency) for line in each(order, "discounts")),
        tenders=tuple(_tender(line, currency) for line in each(order, "payments")),
        customer=CustomerSnapshot(
            email=text(customer, "email"),
            name=text(customer, "name"),
            phone=text(customer, "phone"),
            external_id=text(customer, "id"),
            language=text(customer, "language"),
        ),
        shipping_address=payloads.address(order.get("shipping_address") or {}, ADDRESS),
        shipped_at=moment_or_none(order, "shipped_at"),
        delivered_at=moment_or_none(order, "delivered_at"),
        cancelled_at=moment_or_none(order, "cancelled_at"),
        presentment_currency=text(order, "presentment_currency"),
        presentment_rate=text(order, "presentment_rate"),
        tags=tuple(str(tag) for tag in order.get("tags") or ()),
        platform_updated_at=payloads.moment(name(order, "updated_at")),
    )


def _line(line: Payload, currency: str) -> LineSnapshot:
    sent = line.get("fulfilled_quantity")
    return LineSnapshot(
        external_id=name(line, "id"),
        title=name(line, "title"),
        quantity=count(line, "quantity"),
        unit_price=figure(line, "unit_price", currency),
        total=figure(line, "total", currency),
        tax=payloads.money(line, "tax", currency),
        sku=text(line, "sku"),
        ean=text(line, "ean"),
        product_id=text(line, "product_id"),
        variant_id=text(line, "variant_id"),
        variant_title=text(line, "variant_title"),
        category=text(line, "category"),
        discounts=tuple(_discount(one, currency) for one in each(line, "discounts")),
        taxes=tuple(_tax(one, currency) for one in each(line, "taxes")),
        fulfilled_quantity=None if sent is None else count(line, "fulfilled_quantity"),
        is_final_sale=flag(line, "is_final_sale", False),
        is_gift=flag(line, "is_gift", False),
        is_returnable=flag(line, "is_returnable", True),
        hs_code=text(line, "hs_code"),
        origin_country=text(line, "origin_country"),
        weight_grams=count(line, "weight_grams") if line.get("weight_grams") else 0,
        image_url=text(line, "image_url"),
    )


def _shipping(line: Payload, currency: str) -> ShippingSnapshot:
    return ShippingSnapshot(
        text(line, "title"), figure(line, "total", currency), payloads.money(line, "tax", currency)
    )


def _discount(told: Payload, currency: str) -> DiscountSnapshot:
    return DiscountSnapshot(
        name(told, "label"), figure(told, "amount", currency), text(told, "ref")
    )


def _tax(told: Payload, currency: str) -> TaxSnapshot:
    return TaxSnapshot(text(told, "title"), text(told, "rate"), figure(told, "amount", currency))


def _basket(told: Payload, currency: str) -> BasketDiscount:
    threshold: Money | None = None
    if told.get("threshold"):
        threshold = figure(told, "threshold", currency)
    return BasketDiscount(
        id=name(told, "id"),
        label=name(told, "label"),
        kind=name(told, "kind"),
        lines=tuple(map(str, told["lines"])),
        threshold=threshold,
        percent=text(told, "percent"),
        buy=count(told, "buy") if told.get("buy") else 0,
        pay=count(told, "pay") if told.get("pay") else 0,
        gifts=tuple(map(str, told.get("gifts") or ())),
    )


def _tender(told: Payload, currency: str) -> TenderSnapshot:
    kind = text(told, "kind")
    return TenderSnapshot(
        external_id=name(told, "id"),
        kind=kind if kind in TENDERS else "other",
        captured=figure(told, "captured", currency),
        refunded=payloads.money(told, "refunded", currency),
        gateway=text(told, "gateway"),
    )


def _unreadable(payload: Payload, error: DomainError) -> asking.Unreadable:
    detail = ", ".join(f"{key}: {value}" for key, value in error.details.items())
    return asking.Unreadable(external_id=text(payload, "id"), code=error.code, detail=detail[:200])
