"""WooCommerce REST v3 orders to snapshots; its totals are without tax, taxes stand beside them."""

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
    "company": "company",
    "street": "address_1",
    "street2": "address_2",
    "postcode": "postcode",
    "city": "city",
    "region": "state",
    "country": "country",
    "phone": "phone",
}
TENDERS = {"bacs": "bank", "cheque": "other", "cod": "cash"}
SENT = frozenset({"completed", "refunded"})


def order_snapshot(payload: Payload) -> OrderSnapshot:
    """Raises MalformedPayload or InexactAmount; the order's total is WooCommerce's own."""
    currency = str(required(payload, "currency"))
    billing, shipping = payload.get("billing") or {}, payload.get("shipping") or {}
    shipped = text(payload, "status") in SENT
    return OrderSnapshot(
        external_id=str(required(payload, "id")),
        number=str(required(payload, "number")),
        currency=currency,
        placed_at=payloads.moment(str(required(payload, "date_created_gmt"))),
        tax_included=False,
        total=money(payload, "total", currency),
        lines=tuple(_line(each, currency, shipped) for each in payload.get("line_items") or ()),
        shipping=(
            *(_shipping(each, currency) for each in payload.get("shipping_lines") or ()),
            *(_fee(each, currency) for each in payload.get("fee_lines") or ()),
        ),
        tenders=_tenders(payload, currency),
        customer=CustomerSnapshot(
            email=text(billing, "email"),
            name=payloads.full_name(billing),
            phone=text(billing, "phone"),
            external_id=text(payload, "customer_id").removeprefix("0"),
        ),
        shipping_address=payloads.address(shipping, ADDRESS),
        shipped_at=payloads.moment_or_none(payload, "date_completed_gmt"),
        platform_updated_at=payloads.moment_or_none(payload, "date_modified_gmt"),
    )


def _line(line: Payload, currency: str, shipped: bool) -> LineSnapshot:
    quantity = int(required(line, "quantity"))
    listed = money(line, "subtotal", currency)
    paid = money(line, "total", currency)
    discount = listed - paid
    return LineSnapshot(
        external_id=str(required(line, "id")),
        title=text(line, "name"),
        quantity=quantity,
        unit_price=listed.share(1, quantity),
        total=paid,
        tax=money(line, "total_tax", currency),
        sku=text(line, "sku"),
        product_id=text(line, "product_id"),
        variant_id=text(line, "variation_id").removeprefix("0"),
        variant_title=", ".join(text(meta, "value") for meta in line.get("meta_data") or ()),
        discounts=(DiscountSnapshot("Coupon", discount),) if discount else (),
        taxes=tuple(_tax(each, currency) for each in line.get("taxes") or ()),
        fulfilled_quantity=quantity if shipped else 0,
    )


def _tax(tax: Payload, currency: str) -> TaxSnapshot:
    return TaxSnapshot(title=text(tax, "id"), rate="", amount=money(tax, "total", currency))


def _shipping(line: Payload, currency: str) -> ShippingSnapshot:
    return ShippingSnapshot(
        title=text(line, "method_title"),
        total=money(line, "total", currency),
        tax=money(line, "total_tax", currency),
    )


def _fee(line: Payload, currency: str) -> ShippingSnapshot:
    return ShippingSnapshot(
        title=text(line, "name"),
        total=money(line, "total", currency),
        tax=money(line, "total_tax", currency),
    )


def _tenders(payload: Payload, currency: str) -> tuple[TenderSnapshot, ...]:
    """Paid in full once `date_paid` is set; refunds come as negative totals."""
    if not payload.get("date_paid_gmt"):
        return (_tender(payload, Money.zero(currency), Money.zero(currency)),)
    refunds: list[Any] = list(payload.get("refunds") or ())
    refunded = Money.total((-money(each, "total", currency) for each in refunds), currency)
    return (_tender(payload, money(payload, "total", currency), refunded),)


def _tender(payload: Payload, captured: Money, refunded: Money) -> TenderSnapshot:
    method = text(payload, "payment_method")
    return TenderSnapshot(
        external_id=text(payload, "transaction_id") or f"order-{payload['id']}",
        kind=TENDERS.get(method, "card"),
        captured=captured,
        refunded=refunded,
        gateway=method,
    )
