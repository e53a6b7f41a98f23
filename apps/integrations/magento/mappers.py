"""Magento's orders to snapshots: amounts in the base currency, without tax, taxes beside them.

Each amount stands there twice; the currency that the shopper saw is no more than a rate of ours.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from apps.core.money import Money
from apps.integrations import asking, choices, payloads
from apps.integrations.dtos import (
    Address,
    CustomerSnapshot,
    DiscountSnapshot,
    LineSnapshot,
    OrderSnapshot,
    ShippingSnapshot,
    TaxSnapshot,
    TenderSnapshot,
    UnitsOf,
)
from apps.integrations.magento.choices import CANCELLED, CREDITS, TENDERS
from apps.integrations.payloads import MalformedPayload, Payload, required, text
from apps.integrations.reading import rounded

GATEWAY = "payment"
ADDRESS = {
    "company": "company",
    "postcode": "postcode",
    "city": "city",
    "region": "region",
    "country": "country_id",
    "phone": "telephone",
}


def order_snapshot(order: Payload) -> OrderSnapshot:
    """Raises MalformedPayload or InexactAmount."""
    currency = str(required(order, "base_currency_code"))
    shown = text(order, "order_currency_code")
    billing = order.get("billing_address") or {}
    changed = payloads.moment_or_none(order, "updated_at")
    return OrderSnapshot(
        external_id=str(required(order, "entity_id")),
        number=str(required(order, "increment_id")),
        currency=currency,
        placed_at=payloads.moment(str(required(order, "created_at"))),
        tax_included=True,
        total=rounded(order, "base_grand_total", currency) + _credit(order, currency),
        lines=_lines(order, currency),
        shipping=_shipping(order, currency),
        tenders=_tenders(order, currency),
        customer=_customer(order, billing),
        shipping_address=_address(_sent_to(order) or billing),
        # No moment of its own: the last change is the latest that it can have been.
        cancelled_at=changed if text(order, "state") == CANCELLED else None,
        presentment_currency=shown if shown != currency else "",
        presentment_rate=text(order, "base_to_order_rate") if shown != currency else "",
        platform_updated_at=changed,
    )


def rows_of(order: Payload) -> Iterator[tuple[Payload, Payload]]:
    """Rows with prices, each with the one below it that names what was sent.

    A configurable product is a row with the prices over one of the goods. A bundle is priced
    either as a whole or by its parts.
    """
    items: Sequence[Payload] = order["items"]
    below: dict[str, list[Payload]] = {}
    for each in items:
        below.setdefault(text(each, "parent_item_id"), []).append(each)
    for each in below.get("", ()):
        parts = below.get(str(required(each, "item_id")), [])
        if text(each, "product_type") == "bundle" and any(map(_is_priced, parts)):
            yield from ((part, {}) for part in parts)
        else:
            yield each, parts[0] if parts else {}


def _is_priced(item: Payload) -> bool:
    return Decimal(text(item, "base_row_total") or "0") != 0


def _lines(order: Payload, currency: str) -> tuple[LineSnapshot, ...]:
    label = text(order, "discount_description") or text(order, "coupon_code") or "Discount"
    found = tuple(_line(row, goods, currency, label) for row, goods in rows_of(order))
    if not found:
        raise MalformedPayload(missing="items")
    return found


def _line(row: Payload, goods: Payload, currency: str, label: str) -> LineSnapshot:
    quantity = whole(row, "qty_ordered")
    tax = rounded(row, "base_tax_amount", currency)
    fixed = rounded(row, "base_weee_tax_applied_row_amnt", currency)
    listed = rounded(row, "base_row_total_incl_tax", currency) + fixed
    # The compensation is the tax inside a discount that was given on prices with tax.
    paid = (
        rounded(row, "base_row_total", currency)
        - rounded(row, "base_discount_amount", currency)
        + rounded(row, "base_discount_tax_compensation_amount", currency)
        + tax
        + fixed
    )
    off = listed - paid
    title, variant = text(row, "name"), text(goods, "name")
    sent = "qty_invoiced" if row.get("is_virtual") in (1, "1", True) else "qty_shipped"
    return LineSnapshot(
        external_id=str(required(row, "item_id")),
        title=title,
        quantity=quantity,
        unit_price=rounded(row, "base_price_incl_tax", currency),
        total=paid,
        tax=tax,
        sku=text(row, "sku"),
        product_id=text(row, "product_id"),
        variant_id=text(row, "sku"),
        variant_title=variant if variant != title else "",
        discounts=(DiscountSnapshot(label, off),) if off.minor > 0 else (),
        taxes=_taxes(row, tax),
        fulfilled_quantity=whole(row, sent),
        refunded=_refunded(row, currency),
    )


def whole(payload: Payload, name: str) -> int:
    """Quantities come with four decimals; goods by weight cannot be returned by the piece."""
    figure = Decimal(text(payload, name) or "0")
    if figure != int(figure):
        raise MalformedPayload(fraction=name)
    return int(figure)


def _taxes(row: Payload, tax: Money) -> tuple[TaxSnapshot, ...]:
    percent = text(row, "tax_percent")
    if not tax or not percent:
        return ()
    rate = f"{(Decimal(percent) / 100).normalize():f}"
    return (TaxSnapshot(title="Tax", rate=rate, amount=tax),)


def _refunded(row: Payload, currency: str) -> Money | None:
    """What credit memos gave back for it; adjustments of a memo belong to no line."""
    if row.get("base_amount_refunded") is None:
        return None
    return (
        rounded(row, "base_amount_refunded", currency)
        - rounded(row, "base_discount_refunded", currency)
        + rounded(row, "base_tax_refunded", currency)
        + rounded(row, "base_discount_tax_compensation_refunded", currency)
    )


def _shipping(order: Payload, currency: str) -> tuple[ShippingSnapshot, ...]:
    net = rounded(order, "base_shipping_amount", currency)
    if not net:
        return ()
    tax = rounded(order, "base_shipping_tax_amount", currency)
    total = (
        net
        - rounded(order, "base_shipping_discount_amount", currency)
        + rounded(order, "base_shipping_discount_tax_compensation_amnt", currency)
        + tax
    )
    title = text(order, "shipping_description") or "Shipping"
    return (ShippingSnapshot(title=title, total=total, tax=tax),)


def _more(order: Payload) -> Mapping[str, Any]:
    told: Mapping[str, Any] = order.get("extension_attributes") or {}
    return told


def _credit(order: Payload, currency: str) -> Money:
    more = _more(order)
    return Money.total((rounded(more, taken, currency) for _, _, taken, _ in CREDITS), currency)


def credit_left(order: Payload, currency: str) -> Money:
    """What was paid with the shop's own credit and has not gone back to it."""
    more = _more(order)
    back = Money.total((rounded(more, back, currency) for *_, back in CREDITS), currency)
    return _credit(order, currency) - back


def _tenders(order: Payload, currency: str) -> tuple[TenderSnapshot, ...]:
    """One payment an order, by an id that stays: that of its last transaction changes."""
    payment, more, order_id = order.get("payment") or {}, _more(order), text(order, "entity_id")
    method = text(payment, "method")
    gateway = TenderSnapshot(
        external_id=payment_id(GATEWAY, order_id),
        kind=TENDERS.get(method, "card"),
        captured=rounded(order, "base_total_paid", currency),
        refunded=rounded(order, "base_total_refunded", currency),
        gateway=method,
    )
    by_credit = (
        TenderSnapshot(
            external_id=payment_id(name, order_id),
            kind=kind,
            captured=amount,
            refunded=rounded(more, back, currency),
            gateway=name,
        )
        for name, kind, taken, back in CREDITS
        if (amount := rounded(more, taken, currency))
    )
    return (gateway, *by_credit)


def payment_id(name: str, order_id: str) -> str:
    return f"{name}-{order_id}"


def _customer(order: Payload, billing: Payload) -> CustomerSnapshot:
    return CustomerSnapshot(
        email=text(order, "customer_email"),
        name=_name(order, "customer_firstname", "customer_lastname")
        or _name(billing, "firstname", "lastname"),
        phone=text(billing, "telephone"),
        external_id=text(order, "customer_id"),
    )


def _name(payload: Payload, first: str, last: str) -> str:
    return f"{text(payload, first)} {text(payload, last)}".strip()


def _sent_to(order: Payload) -> Payload:
    assigned = _more(order).get("shipping_assignments") or [{}]
    told: Payload = (assigned[0].get("shipping") or {}).get("address") or {}
    return told


def _address(address: Payload) -> Address:
    street = [str(each) for each in address.get("street") or ()]
    kept = {ours: text(address, theirs) for ours, theirs in ADDRESS.items()}
    return Address(
        **kept,
        name=_name(address, "firstname", "lastname"),
        street=street[0] if street else "",
        street2=", ".join(street[1:]),
    )


def fulfilment(shipment: Payload) -> asking.FulfilmentFacts:
    """The first of its tracks; whether it arrived Magento does not know."""
    track: Payload = next(iter(shipment.get("tracks") or ()), {})
    return asking.FulfilmentFacts(
        id=str(shipment["entity_id"]),
        status=choices.Fulfilment.Status.SENT,
        lines=tuple(
            UnitsOf(line_id=str(each["order_item_id"]), quantity=whole(each, "qty"))
            for each in shipment["items"]
        ),
        carrier=text(track, "title") or text(track, "carrier_code"),
        tracking_number=text(track, "track_number"),
        sent_at=payloads.moment_or_none(shipment, "created_at"),
    )


def written(moment: datetime) -> str:
    """As Magento keeps times: in UTC, without saying so."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def following(last: Payload, asked: str, page: int) -> str:
    """The cursor after a page: from its last change on, or the next page of one second."""
    after = written(payloads.moment(str(required(last, "updated_at"))))
    return f"{after}|1" if after > asked else f"{asked}|{page + 1}"
