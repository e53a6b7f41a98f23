"""PrestaShop's records to snapshots: amounts with tax, six decimals, times in the shop's zone."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from apps.core.money import Money
from apps.integrations import asking, choices, payloads
from apps.integrations.dtos import (
    Address,
    CustomerSnapshot,
    DiscountSnapshot,
    LineSnapshot,
    OrderSnapshot,
    ShippingSnapshot,
    TenderSnapshot,
    UnitsOf,
)
from apps.integrations.payloads import MalformedPayload, Payload, required, text
from apps.integrations.prestashop.choices import TENDERS
from apps.integrations.prestashop.reading_orders import OrderFile
from apps.integrations.reading import rounded

NEVER = ("", "0000-00-00 00:00:00")
ADDRESS = {
    "company": "company",
    "street": "address1",
    "street2": "address2",
    "postcode": "postcode",
    "city": "city",
    "phone": "phone",
}


def order_snapshot(file: OrderFile, zone: ZoneInfo) -> OrderSnapshot:
    """Raises MalformedPayload; the shop's vouchers are spread over the lines by their value."""
    order, currency = file.order, file.currency
    if not currency:
        raise MalformedPayload(missing="currency")
    off_shipping, off_goods = _discounts(file)
    shipped = text(file.state, "shipped") == "1"
    return OrderSnapshot(
        external_id=str(required(order, "id")),
        number=str(required(order, "reference")),
        currency=currency,
        placed_at=moment(str(required(order, "date_add")), zone),
        tax_included=True,
        total=rounded(order, "total_paid_tax_incl", currency),
        lines=_lines(file, off_goods, shipped=shipped),
        shipping=_shipping(order, currency, off_shipping),
        tenders=_tenders(file),
        customer=_customer(file.customer),
        shipping_address=_address(file),
        delivered_at=_moment_or_none(order, "delivery_date", zone) if shipped else None,
        # No moment of its own: the last change is the latest that it can have been.
        cancelled_at=_moment_or_none(order, "date_upd", zone) if file.is_cancelled else None,
        platform_updated_at=_moment_or_none(order, "date_upd", zone),
    )


def moment(value: str, zone: ZoneInfo) -> datetime:
    """The hour that comes twice in autumn is taken for the first of the two."""
    return payloads.moment(value).replace(tzinfo=zone)


def asked_since(since: datetime, zone: ZoneInfo) -> str:
    """A second before, as the shop writes it; an hour earlier where its clock goes back in the
    next one, so that the hour that comes twice is read twice."""
    goes_back = (since + timedelta(hours=1)).astimezone(zone).utcoffset() != since.astimezone(
        zone
    ).utcoffset()
    earlier = since - (timedelta(hours=1) if goes_back else timedelta(0))
    return (earlier.astimezone(zone) - timedelta(seconds=1)).strftime("%Y-%m-%d %H:%M:%S")


def _moment_or_none(payload: Payload, name: str, zone: ZoneInfo) -> datetime | None:
    value = text(payload, name)
    return None if value in NEVER else moment(value, zone)


def _discounts(file: OrderFile) -> tuple[Money, Money]:
    """What vouchers took off the shipping, and off the goods."""
    currency = file.currency
    every = Money.total((rounded(each, "value", currency) for each in file.rules), currency)
    if not any(text(each, "free_shipping") == "1" for each in file.rules):
        return Money.zero(currency), every
    shipping = rounded(file.order, "total_shipping_tax_incl", currency).capped(every)
    return shipping, every - shipping


def _lines(file: OrderFile, off: Money, *, shipped: bool) -> tuple[LineSnapshot, ...]:
    currency = file.currency
    if not file.details:
        raise MalformedPayload(missing="order_details")
    gross = [rounded(each, "total_price_tax_incl", currency) for each in file.details]
    shares = off.allocate([max(0, each.minor) for each in gross])
    label = ", ".join(text(each, "name") for each in file.rules) or "Voucher"
    return tuple(
        _line(detail, whole, DiscountSnapshot(label, share), shipped=shipped)
        for detail, whole, share in zip(file.details, gross, shares, strict=True)
    )


def _line(
    detail: Payload, gross: Money, discount: DiscountSnapshot, *, shipped: bool
) -> LineSnapshot:
    currency = gross.currency
    quantity = int(required(detail, "product_quantity"))
    tax = gross - rounded(detail, "total_price_tax_excl", currency)
    total = gross - discount.amount
    return LineSnapshot(
        external_id=str(required(detail, "id")),
        title=text(detail, "product_name"),
        quantity=quantity,
        unit_price=rounded(detail, "unit_price_tax_incl", currency),
        total=total,
        tax=tax.share(total.minor, gross.minor) if gross else tax,
        sku=text(detail, "product_reference"),
        ean=text(detail, "product_ean13"),
        product_id=text(detail, "product_id"),
        variant_id=variant_id(text(detail, "product_id"), text(detail, "product_attribute_id")),
        discounts=(discount,) if discount.amount else (),
        fulfilled_quantity=quantity if shipped else 0,
        refunded=_refunded(detail, currency),
    )


def _refunded(detail: Payload, currency: str) -> Money | None:
    """By credit slips, before the share of any voucher; older versions do not say it."""
    told = text(detail, "total_refunded_tax_incl")
    return rounded(detail, "total_refunded_tax_incl", currency) if told else None


def variant_id(product: str, combination: str) -> str:
    """Combinations are counted through the whole shop; a product without any is its own."""
    return combination if combination not in ("", "0") else f"product-{product}"


def _shipping(order: Payload, currency: str, off: Money) -> tuple[ShippingSnapshot, ...]:
    told = []
    for name, title in (("shipping", "Shipping"), ("wrapping", "Gift wrapping")):
        gross = rounded(order, f"total_{name}_tax_incl", currency)
        tax = gross - rounded(order, f"total_{name}_tax_excl", currency)
        left = gross - off if name == "shipping" else gross
        if gross:
            told.append(
                ShippingSnapshot(title=title, total=left, tax=tax.share(left.minor, gross.minor))
            )
    return tuple(told)


def _tenders(file: OrderFile) -> tuple[TenderSnapshot, ...]:
    """Orders split out of one cart share their payments: none counts above its order's total."""
    order, currency = file.order, file.currency
    left = rounded(order, "total_paid_tax_incl", currency)
    paid: list[tuple[str, Money]] = []
    for each in file.payments:
        amount = rounded(each, "amount", currency).capped(left)
        paid.append((text(each, "transaction_id") or f"payment-{each['id']}", amount))
        left -= amount
    if not paid:
        whole = left if text(file.state, "paid") == "1" else Money.zero(currency)
        paid = [(f"order-{order['id']}", whole)]
    return _with_refunds(paid, file)


def _with_refunds(paid: Sequence[tuple[str, Money]], file: OrderFile) -> tuple[TenderSnapshot, ...]:
    """A credit slip names no payment: the first takes it, then the next."""
    currency, module = file.currency, text(file.order, "module")
    back = Money.total((_slip(each, currency) for each in file.slips), currency)
    tenders = []
    for name, captured in paid:
        refunded = back.capped(captured)
        back -= refunded
        kind = TENDERS.get(module, "card")
        tenders.append(TenderSnapshot(name, kind, captured, refunded, gateway=module))
    return tuple(tenders)


def _slip(slip: Payload, currency: str) -> Money:
    goods = rounded(slip, "total_products_tax_incl", currency)
    return goods + rounded(slip, "total_shipping_tax_incl", currency)


def _customer(customer: Payload) -> CustomerSnapshot:
    name = f"{text(customer, 'firstname')} {text(customer, 'lastname')}".strip()
    return CustomerSnapshot(
        email=text(customer, "email"), name=name, external_id=text(customer, "id")
    )


def _address(file: OrderFile) -> Address:
    kept = {ours: text(file.address, theirs) for ours, theirs in ADDRESS.items()}
    name = f"{text(file.address, 'firstname')} {text(file.address, 'lastname')}".strip()
    phone = kept["phone"] or text(file.address, "phone_mobile")
    return Address(**{**kept, "phone": phone}, name=name, region=file.region, country=file.country)


def fulfilments(
    file: OrderFile, carriers: Sequence[Payload], zone: ZoneInfo
) -> tuple[asking.FulfilmentFacts, ...]:
    """One parcel a record of its carrier; which units lie in which of several nobody says."""
    if text(file.state, "shipped") != "1":
        return ()
    lines = tuple(
        UnitsOf(line_id=str(each["id"]), quantity=int(each["product_quantity"]))
        for each in file.details
    )
    return tuple(
        asking.FulfilmentFacts(
            id=str(each["id"]),
            status=choices.Fulfilment.Status.SENT,
            lines=lines if len(carriers) == 1 else (),
            tracking_number=text(each, "tracking_number"),
            sent_at=_moment_or_none(each, "date_add", zone),
        )
        for each in carriers
    )


def voucher(
    order: asking.CreditOrder, code: str, currency: str, languages: Sequence[str]
) -> dict[str, str | int | dict[str, str]]:
    """What a basket leaves of it becomes a new voucher, which the shop makes by itself."""
    ends = order.expires_at
    until = ends.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S") if ends else "2099-12-31 23:59:59"
    return {
        "name": dict.fromkeys(languages, "Return credit"),
        "description": order.reference,
        "code": code,
        "id_customer": order.customer_id or 0,
        "date_from": "2000-01-01 00:00:00",
        "date_to": until,
        "quantity": 1,
        "quantity_per_user": 1,
        "minimum_amount": 0,
        "reduction_amount": f"{order.amount.amount:f}",
        "reduction_tax": 1,
        "reduction_currency": currency,
        "partial_use": 1,
        "active": 1,
    }
