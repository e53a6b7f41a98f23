"""Salesforce's orders to snapshots: prices on the order's own basis, discounts as adjustments."""

from collections.abc import Iterator, Sequence
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
    TenderSnapshot,
    UnitsOf,
)
from apps.integrations.payloads import MalformedPayload, Payload, moment_or_none, required, text
from apps.integrations.reading import rounded
from apps.integrations.sfcc import choices as names

ADDRESS = {
    "name": "fullName",
    "company": "companyName",
    "street": "address1",
    "street2": "address2",
    "postcode": "postalCode",
    "city": "city",
    "region": "stateCode",
    "country": "countryCode",
    "phone": "phone",
}


def order_snapshot(order: Payload) -> OrderSnapshot:
    """Raises MalformedPayload, UnknownCurrency."""
    currency = str(required(order, "currency"))
    status = str(required(order, "status"))
    updated = moment_or_none(order, "lastModified")
    is_net = required(order, "taxation") == names.NET
    return OrderSnapshot(
        external_id=str(required(order, "orderNo")),
        number=str(order["orderNo"]),
        currency=currency,
        placed_at=moment_or_none(order, "placeDate")
        or payloads.moment(str(required(order, "creationDate"))),
        tax_included=not is_net,
        total=rounded(order, "orderTotal", currency),
        lines=_lines(order, currency),
        shipping=_shipping(order, currency),
        tenders=_tenders(order, currency),
        customer=_customer(order),
        shipping_address=_address(order),
        # No moment of its own: the last change is the latest that it can have been.
        cancelled_at=updated if status in names.DEAD else None,
        platform_updated_at=updated,
    )


def _rows(payload: Payload, name: str) -> Sequence[Any]:
    found = payload.get(name) or ()
    if not isinstance(found, list | tuple):
        raise MalformedPayload(shape=name)
    return found


def _lines(order: Payload, currency: str) -> tuple[LineSnapshot, ...]:
    """What the order says of the tax of its goods counts, after all its discounts; what each line
    says of its own only spreads it."""
    told = [*_told(order)]
    if not told:
        raise MalformedPayload(missing="productItems")
    tax = rounded(order, "taxTotal", currency) - rounded(order, "shippingTotalTax", currency)
    weights = [max(0, rounded(each, "tax", currency).minor) for each in told]
    shares = tax.allocate(weights)
    label = _labels(_rows(order, "orderPriceAdjustments")) or "Discount"
    sent = _sent(order)
    return tuple(
        _line(each, share, label, sent.get(text(each, "shipmentId"), 0))
        for each, share in zip(told, shares, strict=True)
    )


def _told(order: Payload) -> Iterator[Payload]:
    """Products, options such as a warranty beside theirs, and gift certificates that were bought;
    what lies in a bundle is paid with the bundle."""
    for item in _rows(order, "productItems"):
        yield item
        for option in _rows(item, "optionItems"):
            yield {"shipmentId": item.get("shipmentId"), **option, "is_option": True}
    for item in _rows(order, "giftCertificateItems"):
        yield {"itemId": item["giftCertificateItemId"], **item, "is_option": True}


def _labels(adjustments: Sequence[Payload]) -> str:
    told = (
        text(each, "couponCode") or text(each, "itemText") or text(each, "promotionId")
        for each in adjustments
    )
    return ", ".join(each for each in told if each)


def _line(item: Payload, tax: Money, order_label: str, sent: int | None) -> LineSnapshot:
    """`sent`: 1, 0 or None, whether its shipment left, where that is known."""
    currency = tax.currency
    quantity = int(item.get("quantity") or 1)
    price = rounded(item, "price", currency)
    after_item = _after(item, "priceAfterItemDiscount", price)
    total = _after(item, "priceAfterOrderDiscount", after_item)
    return LineSnapshot(
        external_id=str(required(item, "itemId")),
        title=text(item, "productName") or text(item, "itemText"),
        quantity=quantity,
        unit_price=rounded(item, "basePrice", currency) if "basePrice" in item else price,
        total=total,
        tax=tax,
        sku=text(item, "productId"),
        product_id=text(item, "productId"),
        variant_id=text(item, "productId"),
        discounts=_discounts(item, after_item - total, order_label),
        fulfilled_quantity=None if sent is None else sent * quantity,
        is_gift=bool(item.get("gift")),
        is_returnable=not item.get("is_option"),
    )


def _after(item: Payload, name: str, otherwise: Money) -> Money:
    return rounded(item, name, otherwise.currency) if item.get(name) is not None else otherwise


def _discounts(item: Payload, share: Money, order_label: str) -> tuple[DiscountSnapshot, ...]:
    """The line's own adjustments, which are negative, and its share of those of the order."""
    own = [
        DiscountSnapshot(
            _labels([each]) or "Discount", Money.zero(share.currency) - _price(each, share)
        )
        for each in _rows(item, "priceAdjustments")
    ]
    every = [*own, DiscountSnapshot(order_label, share)]
    return tuple(each for each in every if each.amount.minor > 0)


def _price(adjustment: Payload, like: Money) -> Money:
    return rounded(adjustment, "price", like.currency)


def _sent(order: Payload) -> dict[str, int | None]:
    """By shipment; of a part that left nobody says which units lay in it."""
    by_status = {names.SHIPPED: 1, names.PART_SHIPPED: None}
    whole = text(order, "shippingStatus")
    return {
        str(each["shipmentId"]): by_status.get(text(each, "shippingStatus") or whole, 0)
        for each in _rows(order, "shipments")
    }


def _shipping(order: Payload, currency: str) -> tuple[ShippingSnapshot, ...]:
    """Of all shipments, after their adjustments."""
    total = rounded(order, "shippingTotal", currency)
    if not total:
        return ()
    items = _rows(order, "shippingItems")
    title = text(items[0], "itemText") if items else ""
    tax = rounded(order, "shippingTotalTax", currency)
    return (ShippingSnapshot(title or "Shipping", total, tax),)


def _tenders(order: Payload, currency: str) -> tuple[TenderSnapshot, ...]:
    """Captured once the order is paid: of a part that is paid nobody says with what."""
    is_paid = text(order, "paymentStatus") == names.PAID
    told = _rows(order, "paymentInstruments")
    return tuple(_tender(each, currency, is_paid=is_paid) for each in told)


def _tender(paid: Payload, currency: str, *, is_paid: bool) -> TenderSnapshot:
    told = paid.get("paymentTransaction") or {}
    amount = rounded(told if "amount" in told else paid, "amount", currency)
    method = text(paid, "paymentMethodId")
    return TenderSnapshot(
        external_id=str(required(paid, "paymentInstrumentId")),
        kind=names.TENDERS.get(method, "other"),
        captured=amount if is_paid else Money.zero(currency),
        refunded=Money.zero(currency),
        gateway=text(told, "paymentProcessorId") or method,
    )


def _customer(order: Payload) -> CustomerSnapshot:
    who = order.get("customerInfo") or {}
    return CustomerSnapshot(
        email=text(who, "email"),
        name=text(who, "customerName"),
        phone=text(order.get("billingAddress") or {}, "phone"),
        external_id=text(who, "customerId"),
        language=text(order, "customerLocale").partition("-")[0].partition("_")[0],
    )


def _address(order: Payload) -> Address:
    """Of the first shipment; who has none was sent a code by e-mail."""
    shipments = _rows(order, "shipments")
    where = (shipments[0].get("shippingAddress") if shipments else None) or {}
    joined = f"{text(where, 'firstName')} {text(where, 'lastName')}".strip()
    kept = {"fullName": joined, **{key: value for key, value in where.items() if value}}
    return payloads.address(kept, ADDRESS)


def fulfilments(order: Payload) -> tuple[asking.FulfilmentFacts, ...]:
    sent = _sent(order)
    return tuple(
        asking.FulfilmentFacts(
            id=str(each["shipmentId"]),
            status=choices.Fulfilment.Status.SENT,
            lines=tuple(
                UnitsOf(line_id=str(item["itemId"]), quantity=int(item["quantity"]))
                for item in _rows(order, "productItems")
                if text(item, "shipmentId") == str(each["shipmentId"])
            ),
            carrier=text(each.get("shippingMethod") or {}, "name"),
            tracking_number=text(each, "trackingNumber"),
        )
        for each in _rows(order, "shipments")
        if sent[str(each["shipmentId"])] == 1
    )


def second_before(at: datetime) -> str:
    return (at.astimezone(UTC) - timedelta(seconds=1)).strftime("%Y-%m-%dT%H:%M:%SZ")


def with_note(order: Payload, words: str, tags: Sequence[str]) -> str:
    """The order's notes with one line more."""
    line = " ".join(each for each in (words, *(f"#{tag}" for tag in tags)) if each)
    return "\n".join(each for each in (text(order, names.NOTES), line) if each)
