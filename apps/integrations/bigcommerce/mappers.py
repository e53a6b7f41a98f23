"""BigCommerce's orders to snapshots: amounts with tax, four decimals, dates of mail."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from apps.core.money import Money
from apps.integrations import asking, choices, payloads
from apps.integrations.bigcommerce.choices import (
    CANCELLED,
    GIFT_CERTIFICATE,
    NOT_CAPTURED,
    NOT_PAID,
    STORE_CREDIT,
    TENDERS,
)
from apps.integrations.dtos import (
    CustomerSnapshot,
    DiscountSnapshot,
    LineSnapshot,
    OrderSnapshot,
    ShippingSnapshot,
    TenderSnapshot,
    UnitsOf,
)
from apps.integrations.payloads import Payload, required, text
from apps.integrations.reading import rounded

ADDRESS = {
    "company": "company",
    "street": "street_1",
    "street2": "street_2",
    "postcode": "zip",
    "city": "city",
    "region": "state",
    "country": "country_iso2",
    "phone": "phone",
}
PARTS = (("shipping", "Shipping"), ("handling", "Handling"), ("wrapping", "Gift wrapping"))


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFile:
    """One order and what stands under addresses of its own."""

    order: Payload
    products: Sequence[Payload]
    addresses: Sequence[Payload]
    refunds: Sequence[Payload]


def order_snapshot(file: OrderFile) -> OrderSnapshot:
    order = file.order
    currency = str(required(order, "currency_code"))
    billing = order.get("billing_address") or {}
    where = file.addresses[0] if file.addresses else billing
    is_cancelled = order["status_id"] == CANCELLED
    return OrderSnapshot(
        external_id=str(required(order, "id")),
        number=str(order["id"]),
        currency=currency,
        placed_at=moment(str(required(order, "date_created"))),
        tax_included=True,
        total=rounded(order, "total_inc_tax", currency),
        lines=tuple(_line(each, currency) for each in file.products),
        shipping=tuple(_shipping(order, currency)),
        tenders=_tenders(file, currency),
        customer=CustomerSnapshot(
            email=text(billing, "email"),
            name=payloads.full_name(billing),
            phone=text(billing, "phone"),
            external_id=text(order, "customer_id").removeprefix("0"),
            language=text(order, "customer_locale")[:2],
        ),
        shipping_address=payloads.address(where, ADDRESS),
        shipped_at=moment_or_none(order, "date_shipped"),
        cancelled_at=moment_or_none(order, "date_modified") if is_cancelled else None,
        platform_updated_at=moment_or_none(order, "date_modified"),
    )


def moment(value: str) -> datetime:
    """RFC 2822, which v2 writes; raises ValueError."""
    told = parsedate_to_datetime(value)
    return told if told.tzinfo else told.replace(tzinfo=UTC)


def moment_or_none(payload: Payload, name: str) -> datetime | None:
    value = text(payload, name)
    return moment(value) if value else None


def _line(line: Payload, currency: str) -> LineSnapshot:
    quantity = int(required(line, "quantity"))
    gross = rounded(line, "total_inc_tax", currency)
    discounts = tuple(
        DiscountSnapshot(text(each, "name") or text(each, "code"), amount)
        for each in line.get("applied_discounts") or ()
        if (amount := rounded(each, "amount", currency))
    )
    off = Money.total((each.amount for each in discounts), currency)
    told = text(line, "discounted_total_inc_tax")
    paid = rounded(line, "discounted_total_inc_tax", currency) if told else gross - off
    tax = rounded(line, "total_tax", currency)
    return LineSnapshot(
        external_id=str(required(line, "id")),
        title=text(line, "name"),
        quantity=quantity,
        unit_price=rounded(line, "price_inc_tax", currency),
        total=paid,
        tax=tax.share(paid.minor, gross.minor) if gross else tax,
        sku=text(line, "sku"),
        product_id=text(line, "product_id"),
        variant_id=text(line, "variant_id").removeprefix("0"),
        variant_title=", ".join(
            text(each, "display_value") for each in line.get("product_options") or ()
        ),
        discounts=discounts,
        fulfilled_quantity=int(line.get("quantity_shipped") or 0),
        is_gift=bool(line.get("gift_certificate_id")),
        refunded=_refunded(line, currency),
    )


def _refunded(line: Payload, currency: str) -> Money | None:
    """Whether tax is in it BigCommerce does not say: never too much."""
    return rounded(line, "refund_amount", currency) if text(line, "refund_amount") else None


def _shipping(order: Payload, currency: str) -> list[ShippingSnapshot]:
    told = []
    for name, title in PARTS:
        gross = rounded(order, f"{name}_cost_inc_tax", currency)
        if gross:
            tax = gross - rounded(order, f"{name}_cost_ex_tax", currency)
            told.append(ShippingSnapshot(title=title, total=gross, tax=tax))
    return told


def _tenders(file: OrderFile, currency: str) -> tuple[TenderSnapshot, ...]:
    """What store credit and gift certificates left was paid with the order's method."""
    order = file.order
    method = text(order, "payment_method")
    credit = rounded(order, "store_credit_amount", currency)
    gift = rounded(order, "gift_certificate_amount", currency)
    rest = rounded(order, "total_inc_tax", currency) - credit - gift
    if order["status_id"] in NOT_PAID or text(order, "payment_status").lower() in NOT_CAPTURED:
        rest = Money.zero(currency)
    kind = TENDERS.get(method.lower(), "card")
    found = [
        ("order", kind, rest, method),
        (STORE_CREDIT, "credit", credit, STORE_CREDIT),
        (GIFT_CERTIFICATE, "gift_card", gift, GIFT_CERTIFICATE),
    ]
    back = refunded(file.refunds, currency)
    zero = Money.zero(currency)
    # The gateway's own id of the payment, where the store knows it.
    ids = {"order": text(order, "payment_provider_id")}
    return tuple(
        TenderSnapshot(
            ids.get(name) or payment_id(name, text(order, "id")),
            kind,
            paid,
            back.get(name, zero),
            via,
        )
        for name, kind, paid, via in found
        if paid or name == "order"
    )


def payment_id(name: str, order_id: str) -> str:
    return f"{name}-{order_id}"


def refunded(refunds: Sequence[Payload], currency: str) -> dict[str, Money]:
    """By what it went back to; what the gateway declined did not go."""
    found: dict[str, Money] = {}
    for payment in (each for refund in refunds for each in refund["payments"]):
        if not payment.get("is_declined"):
            provider = text(payment, "provider_id")
            name = provider if provider in (STORE_CREDIT, GIFT_CERTIFICATE) else "order"
            amount = rounded(payment, "amount", currency)
            found[name] = found.get(name, Money.zero(currency)) + amount
    return found


def second_before(since: datetime) -> str:
    """Whether `min_date_modified` has its own second in it is not said."""
    return (since.astimezone(UTC) - timedelta(seconds=1)).strftime("%Y-%m-%dT%H:%M:%SZ")


def following(last: Payload, asked: str, page: int) -> str:
    """After a full page: from its last change on, or the next page of one second."""
    after = second_before(moment(str(last["date_modified"])))
    return f"{after}|1" if after > asked else f"{asked}|{page + 1}"


def address(order: asking.ExchangeOrder) -> dict[str, str]:
    first, _, last = order.address.name.partition(" ")
    kept = {theirs: getattr(order.address, ours) for ours, theirs in ADDRESS.items()}
    return {**kept, "first_name": first, "last_name": last, "email": order.email}


def fulfilment(shipment: Mapping[str, Any]) -> asking.FulfilmentFacts:
    return asking.FulfilmentFacts(
        id=str(shipment["id"]),
        status=choices.Fulfilment.Status.SENT,
        lines=tuple(
            UnitsOf(line_id=str(each["order_product_id"]), quantity=int(each["quantity"]))
            for each in shipment["items"]
        ),
        carrier=text(shipment, "tracking_carrier"),
        tracking_number=text(shipment, "tracking_number"),
        tracking_url=text(shipment, "tracking_link") or text(shipment, "generated_tracking_link"),
        sent_at=moment_or_none(shipment, "date_created"),
    )


def subscription(hook: Payload) -> asking.Subscription:
    return asking.Subscription(
        id=str(hook["id"]),
        topic=str(hook["scope"]),
        url=str(hook["destination"]),
        is_active=hook["is_active"] is True,
    )
