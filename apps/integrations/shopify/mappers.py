"""Shopify's REST orders to snapshots; prices are whole-line before `discount_allocations`."""

from typing import Any

from apps.core.money import Money
from apps.integrations import payloads
from apps.integrations.dtos import (
    CustomerSnapshot,
    DiscountSnapshot,
    LineSnapshot,
    OrderSnapshot,
    ShippingSnapshot,
    TaxSnapshot,
    TenderSnapshot,
)
from apps.integrations.payloads import Payload, money, required, text

ADDRESS = {
    "name": "name",
    "company": "company",
    "street": "address1",
    "street2": "address2",
    "postcode": "zip",
    "city": "city",
    "region": "province",
    "country": "country_code",
    "phone": "phone",
}
PAID = frozenset({"paid", "partially_refunded", "refunded"})
TENDERS = {"gift_card": "gift_card", "shopify_store_credit": "credit", "cash": "cash"}


def order_snapshot(payload: Payload) -> OrderSnapshot:
    """`payload` is the object, with or without its `order` wrapper. Raises MalformedPayload."""
    order: Payload = payload.get("order") or payload
    currency = str(required(order, "currency"))
    customer = order.get("customer") or {}
    return OrderSnapshot(
        external_id=str(required(order, "id")),
        number=str(required(order, "name")),
        currency=currency,
        placed_at=payloads.moment(str(required(order, "created_at"))),
        tax_included=bool(order.get("taxes_included")),
        total=money(order, "total_price", currency),
        lines=_lines(order, currency),
        shipping=tuple(_shipping(each, currency) for each in order.get("shipping_lines") or ()),
        tenders=(_tender(order, currency),),
        customer=CustomerSnapshot(
            email=text(order, "email"),
            name=payloads.full_name(customer),
            phone=text(customer, "phone"),
            external_id=text(customer, "id"),
        ),
        shipping_address=payloads.address(order.get("shipping_address") or {}, ADDRESS),
        shipped_at=_shipped_at(order),
        cancelled_at=payloads.moment_or_none(order, "cancelled_at"),
        presentment_currency=text(order, "presentment_currency"),
        tags=tuple(tag.strip() for tag in text(order, "tags").split(",") if tag.strip()),
        platform_updated_at=payloads.moment_or_none(order, "updated_at"),
    )


def _lines(order: Payload, currency: str) -> tuple[LineSnapshot, ...]:
    lines: list[Payload] = list(order.get("line_items") or ())
    taxes = [_tax_total(line, currency) for line in lines]
    if lines and not any(line.get("tax_lines") for line in lines):
        # Old orders keep their tax on the order alone: spread it by value, to the cent.
        weights = [
            money(line, "price", currency).minor * int(required(line, "quantity")) for line in lines
        ]
        taxes = (_tax_total(order, currency) - _shipping_tax(order, currency)).allocate(weights)
    return tuple(
        _line(line, currency, tax, _sent(order, line))
        for line, tax in zip(lines, taxes, strict=True)
    )


def _line(line: Payload, currency: str, tax: Money, sent: int) -> LineSnapshot:
    quantity = int(required(line, "quantity"))
    price = money(line, "price", currency)
    discounts = tuple(
        DiscountSnapshot("Discount", money(each, "amount", currency))
        for each in line.get("discount_allocations") or ()
    )
    off = Money.total((each.amount for each in discounts), currency)
    return LineSnapshot(
        external_id=str(required(line, "id")),
        title=text(line, "title") or text(line, "name"),
        quantity=quantity,
        unit_price=price,
        total=price * quantity - off,
        tax=tax,
        sku=text(line, "sku"),
        product_id=text(line, "product_id"),
        variant_id=text(line, "variant_id"),
        variant_title=text(line, "variant_title"),
        discounts=discounts,
        taxes=tuple(_tax(each, currency) for each in line.get("tax_lines") or ()),
        fulfilled_quantity=min(sent, quantity),
        is_returnable=not line.get("gift_card"),
        weight_grams=int(line.get("grams") or 0),
    )


def _tax(tax: Payload, currency: str) -> TaxSnapshot:
    return TaxSnapshot(text(tax, "title"), text(tax, "rate"), money(tax, "price", currency))


def _tax_total(payload: Payload, currency: str) -> Money:
    taxes: list[Payload] = list(payload.get("tax_lines") or ())
    return Money.total((money(tax, "price", currency) for tax in taxes), currency)


def _shipping_tax(order: Payload, currency: str) -> Money:
    shipping: list[Payload] = list(order.get("shipping_lines") or ())
    return Money.total((_tax_total(line, currency) for line in shipping), currency)


def _shipping(line: Payload, currency: str) -> ShippingSnapshot:
    allocations: list[Payload] = list(line.get("discount_allocations") or ())
    off = Money.total((money(each, "amount", currency) for each in allocations), currency)
    return ShippingSnapshot(
        title=text(line, "title"),
        total=money(line, "price", currency) - off,
        tax=_tax_total(line, currency),
    )


def _fulfilments(order: Payload) -> list[Any]:
    done = ("success", "open", "pending")
    return [each for each in order.get("fulfillments") or () if each.get("status") in done]


def _sent(order: Payload, line: Payload) -> int:
    return sum(
        int(each.get("quantity") or 0)
        for fulfilment in _fulfilments(order)
        for each in fulfilment.get("line_items") or ()
        if each.get("id") == line.get("id")
    )


def _shipped_at(order: Payload) -> Any:
    times = [payloads.moment_or_none(each, "created_at") for each in _fulfilments(order)]
    return min((at for at in times if at), default=None)


def _tender(order: Payload, currency: str) -> TenderSnapshot:
    """Without the transactions one tender stands for all: captured once Shopify says paid."""
    total = money(order, "total_price", currency)
    paid = text(order, "financial_status") in PAID
    refunds: list[Payload] = [
        transaction
        for refund in order.get("refunds") or ()
        for transaction in refund.get("transactions") or ()
        if transaction.get("kind") == "refund" and transaction.get("status") == "success"
    ]
    gateway = text(order, "gateway")
    return TenderSnapshot(
        external_id=f"order-{order['id']}",
        kind=TENDERS.get(gateway, "card"),
        captured=total if paid else Money.zero(currency),
        refunded=Money.total((money(each, "amount", currency) for each in refunds), currency),
        gateway=gateway,
    )
