"""WooCommerce REST v3 orders to snapshots; its totals are without tax, taxes stand beside them."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
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
from apps.integrations.payloads import Payload, money, required, text
from apps.integrations.reading import as_given, plain
from apps.integrations.woocommerce.choices import REFERENCE, TAGS
from apps.integrations.woocommerce.given_back import with_refunds

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


def order_snapshot(payload: Payload, refunds: Iterable[Payload] = ()) -> OrderSnapshot:
    """Raises MalformedPayload or InexactAmount; the order's total is WooCommerce's own. `refunds`
    are those of the order in full."""
    currency = str(required(payload, "currency"))
    billing, shipping = payload.get("billing") or {}, payload.get("shipping") or {}
    shipped, gone = text(payload, "status") in SENT, text(payload, "status") == "cancelled"
    return OrderSnapshot(
        external_id=str(required(payload, "id")),
        number=str(required(payload, "number")),
        currency=currency,
        placed_at=payloads.moment(str(required(payload, "date_created_gmt"))),
        tax_included=False,
        total=money(payload, "total", currency),
        lines=with_refunds(
            (_line(each, currency, shipped) for each in payload.get("line_items") or ()),
            refunds,
            currency,
        ),
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
        # No moment of its own: the last change is the latest that it can have been.
        cancelled_at=payloads.moment_or_none(payload, "date_modified_gmt") if gone else None,
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
        variant_id=text(line, "variation_id").removeprefix("0") or text(line, "product_id"),
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


def second_before(moment: datetime) -> str:
    """`modified_after` leaves its own second out, and knows no part of one."""
    return (moment.astimezone(UTC) - timedelta(seconds=1)).strftime("%Y-%m-%dT%H:%M:%S")


def following(found: list[Any], after: str, page: int) -> str:
    """The cursor after a full page: from its last change on, or the next page of one second."""
    last = payloads.moment(str(required(found[-1], "date_modified_gmt")))
    if second_before(last) > after:
        return f"{last.isoformat()}|1"
    start = payloads.moment(after) + timedelta(seconds=1)
    return f"{start.isoformat()}|{page + 1}"


def meta(payload: Payload, key: str) -> list[str]:
    return [str(each["value"]) for each in payload["meta_data"] if each["key"] == key]


def placed(order: Payload) -> asking.PlacedOrder:
    return asking.PlacedOrder(id=str(order["id"]), number=str(order["number"]))


def exchange(order: asking.ExchangeOrder, lines: list[dict[str, Any]]) -> dict[str, Any]:
    where = _address(order.address)
    return {
        "parent_id": as_given(order.origin_id),
        "payment_method": "exchange",
        "payment_method_title": "Exchange",
        # Paid, it goes into processing and takes its stock.
        "set_paid": order.is_paid,
        "billing": {**where, "email": order.email},
        "shipping": where,
        "line_items": lines,
        "meta_data": [{"key": REFERENCE, "value": order.reference}],
    }


def _address(address: Address) -> dict[str, str]:
    first, _, last = address.name.partition(" ")
    kept = {theirs: getattr(address, ours) for ours, theirs in ADDRESS.items()}
    return {**kept, "first_name": first, "last_name": last}


def coupon(order: asking.CreditOrder, code: str) -> dict[str, Any]:
    """E-mail as the only proof: whoever holds the code needs the shopper's own address too."""
    expires = order.expires_at
    return {
        "code": code,
        "discount_type": "fixed_cart",
        "amount": plain(order.amount),
        "usage_limit": 1,
        "email_restrictions": [order.email] if order.email else [],
        "date_expires_gmt": expires and expires.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S"),
        "meta_data": [{"key": REFERENCE, "value": order.reference}],
    }


def with_tags(order: Payload, tags: Iterable[str]) -> dict[str, Any]:
    kept = [each for value in meta(order, TAGS) for each in value.split(",") if each]
    return {"meta_data": [{"key": TAGS, "value": ",".join(dict.fromkeys([*kept, *tags]))}]}


def subscription(hook: Payload) -> asking.Subscription:
    return asking.Subscription(
        id=str(hook["id"]),
        topic=str(hook["topic"]),
        url=str(hook["delivery_url"]),
        is_active=hook["status"] == "active",
    )


def fulfilments(order: Payload) -> tuple[asking.FulfilmentFacts, ...]:
    """The core has no parcels. A common plugin keeps their numbers; without it a completed order
    counts as one parcel. Which units lie in which of several parcels nobody says."""
    lines = tuple(
        UnitsOf(line_id=str(each["id"]), quantity=int(each["quantity"]))
        for each in order["line_items"]
    )
    listed = [
        each
        for kept in order.get("meta_data") or ()
        if kept["key"] == "_wc_shipment_tracking_items"
        for each in kept["value"]
    ]
    if listed:
        return tuple(_parcel(each, lines if len(listed) == 1 else ()) for each in listed)
    if order["status"] not in SENT:
        return ()
    return (
        asking.FulfilmentFacts(
            id=f"order-{order['id']}",
            status=choices.Fulfilment.Status.SENT,
            lines=lines,
            sent_at=payloads.moment_or_none(order, "date_completed_gmt"),
        ),
    )


def _parcel(tracking: Payload, lines: tuple[UnitsOf, ...]) -> asking.FulfilmentFacts:
    sent = text(tracking, "date_shipped")
    return asking.FulfilmentFacts(
        id=text(tracking, "tracking_id"),
        status=choices.Fulfilment.Status.SENT,
        lines=lines,
        carrier=text(tracking, "tracking_provider") or text(tracking, "custom_tracking_provider"),
        tracking_number=text(tracking, "tracking_number"),
        sent_at=datetime.fromtimestamp(int(sent), UTC) if sent else None,
    )
