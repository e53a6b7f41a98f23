"""Orders of Admin GraphQL to snapshots, in shop money; ids are the numbers that webhooks have."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
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
from apps.integrations.payloads import MalformedPayload, Payload, required, text
from apps.integrations.shopify.choices import GONE, TENDERS
from apps.integrations.shopify.ids import number

ADDRESS = {
    "name": "name",
    "company": "company",
    "street": "address1",
    "street2": "address2",
    "postcode": "zip",
    "city": "city",
    "region": "province",
    "country": "countryCodeV2",
    "phone": "phone",
}
PAID = frozenset({"SALE", "CAPTURE"})
# Of a refund that moved money, or may still.
GIVEN_BACK = frozenset({"SUCCESS", "PENDING", "AWAITING_RESPONSE", "UNKNOWN"})


def order_snapshot(order: Payload) -> OrderSnapshot:
    """`order` as in the fragment Order, with all of its lines. Raises MalformedPayload."""
    try:
        return _order(order)
    except (LookupError, TypeError, AttributeError, ValueError) as error:
        raise MalformedPayload(order=str(error)[:80]) from error


def _order(order: Payload) -> OrderSnapshot:
    currency = str(required(order, "currencyCode"))
    customer = order["customer"] or {}
    sendings = [each for each in order["fulfillments"] if each["status"] not in GONE]
    total = order["totalPriceSet"]
    return OrderSnapshot(
        external_id=str(required(order, "legacyResourceId")),
        number=str(required(order, "name")),
        currency=currency,
        placed_at=payloads.moment(str(required(order, "createdAt"))),
        tax_included=bool(order["taxesIncluded"]),
        total=shop(total, currency),
        lines=_with_refunds(
            (
                _line(line, currency, sendings)
                for line in order["lineItems"]["nodes"]
                if line["quantity"] > line.get("removed", 0)
            ),
            order,
        ),
        shipping=tuple(_shipping(each, currency) for each in order["shippingLines"]["nodes"]),
        duties=_duties(order["originalTotalDutiesSet"], currency),
        tenders=tenders(order["transactions"], currency),
        customer=_customer(order, customer),
        shipping_address=payloads.address(order["shippingAddress"] or {}, ADDRESS),
        shipped_at=_first(sendings, "createdAt"),
        delivered_at=_delivered_at(sendings),
        cancelled_at=payloads.moment_or_none(order, "cancelledAt"),
        presentment_currency=text(order, "presentmentCurrencyCode"),
        tags=tuple(order["tags"]),
        platform_updated_at=payloads.moment_or_none(order, "updatedAt"),
    )


def shop(bag: Payload, currency: str) -> Money:
    """Shop money of a MoneyBag."""
    return Money.of(str(bag["shopMoney"]["amount"]), currency)


def presentment(bag: Payload) -> Money:
    """What the shopper was shown, in their own currency."""
    money = bag["presentmentMoney"]
    return Money.of(str(money["amount"]), str(money["currencyCode"]))


def _customer(order: Payload, customer: Payload) -> CustomerSnapshot:
    first, last = text(customer, "firstName"), text(customer, "lastName")
    return CustomerSnapshot(
        email=text(order, "email"),
        name=f"{first} {last}".strip(),
        phone=text(customer.get("defaultPhoneNumber") or {}, "phoneNumber"),
        external_id=text(customer, "legacyResourceId"),
        language=text(order, "customerLocale")[:2].lower(),
    )


def _line(line: Payload, currency: str, sendings: list[Payload]) -> LineSnapshot:
    """Allocations and taxes stand as Shopify keeps them, for all units that were ever ordered; the
    sums are those of the units that an edit has left."""
    ordered = int(required(line, "quantity"))
    removed = int(line.get("removed", 0))
    quantity = ordered - removed
    price = shop(line["originalUnitPriceSet"], currency)
    discounts = _discounts(line, currency)
    taxes = tuple(_tax(each, currency) for each in line["taxLines"])
    variant = line["variant"] or {}
    whole = price * ordered - Money.total((each.amount for each in discounts), currency)
    tax = Money.total((each.amount for each in taxes), currency)
    return LineSnapshot(
        external_id=number(str(required(line, "id"))),
        title=text(line, "title"),
        quantity=quantity,
        unit_price=price,
        total=whole.allocate([quantity, removed])[0],
        tax=tax.allocate([quantity, removed])[0],
        sku=text(line, "sku"),
        ean=text(variant, "barcode"),
        product_id=text(line["product"] or {}, "legacyResourceId"),
        variant_id=text(variant, "legacyResourceId"),
        variant_title=text(line, "variantTitle"),
        discounts=discounts,
        taxes=taxes,
        fulfilled_quantity=min(_sent(line, sendings), quantity),
        is_returnable=not line["isGiftCard"],
        image_url=text(line["image"] or {}, "url"),
    )


def _discounts(priced: Payload, currency: str) -> tuple[DiscountSnapshot, ...]:
    return tuple(
        DiscountSnapshot(_label(each), shop(each["allocatedAmountSet"], currency))
        for each in priced["discountAllocations"]
    )


def _label(allocation: Payload) -> str:
    told = allocation["discountApplication"] or {}
    return text(told, "code") or text(told, "title") or "Discount"


def _tax(tax: Payload, currency: str) -> TaxSnapshot:
    return TaxSnapshot(text(tax, "title"), text(tax, "rate"), shop(tax["priceSet"], currency))


def _shipping(line: Payload, currency: str) -> ShippingSnapshot:
    off = Money.total((each.amount for each in _discounts(line, currency)), currency)
    taxes = (_tax(each, currency).amount for each in line["taxLines"])
    return ShippingSnapshot(
        title=text(line, "title"),
        total=shop(line["originalPriceSet"], currency) - off,
        tax=Money.total(taxes, currency),
    )


def _duties(bag: Any, currency: str) -> Money | None:
    return shop(bag, currency) if bag else None


def tenders(charges: Iterable[Payload], currency: str) -> tuple[TenderSnapshot, ...]:
    """One for each sale or capture that went through, less what was given back of it."""
    listed = list(charges)
    paid = [each for each in listed if each["kind"] in PAID and each["status"] == "SUCCESS"]
    return tuple(
        TenderSnapshot(
            external_id=number(str(each["id"])),
            kind=TENDERS.get(text(each, "gateway"), "card"),
            captured=shop(each["amountSet"], currency),
            refunded=Money.total(
                (shop(back["amountSet"], currency) for back in given_back(each, listed)), currency
            ),
            gateway=text(each, "gateway"),
        )
        for each in paid
    )


def _with_refunds(lines: Iterable[LineSnapshot], order: Payload) -> tuple[LineSnapshot, ...]:
    """A refund gave its units what they had cost, or their shares of what it moved where that is
    less: one that only took goods back gave nothing."""
    told = {each.external_id: each for each in lines}
    for refund in order.get("refunds") or ():
        units = [
            (number(str(each["lineItem"]["id"])), int(each["quantity"]))
            for each in refund["refundLineItems"]
        ]
        known = [(line, of) for line, of in units if line in told]
        worth = [_gross(told[line], order).share(of, told[line].quantity) for line, of in known]
        for (line, _), back in zip(known, _shares(refund, worth, order), strict=True):
            before = told[line].refunded or Money.zero(back.currency)
            told[line] = replace(told[line], refunded=before + back)
    return tuple(told.values())


def _gross(line: LineSnapshot, order: Payload) -> Money:
    return line.total if order["taxesIncluded"] else line.total + line.tax


def _shares(refund: Payload, worth: list[Money], order: Payload) -> list[Money]:
    currency = str(order["currencyCode"])
    moved = shop(refund["totalRefundedSet"], currency).capped(Money.total(worth, currency))
    return moved.allocate([each.minor for each in worth]) if worth else []


def given_back(paid: Payload, charges: Iterable[Payload]) -> list[Payload]:
    """Refunds of one payment, those under way included."""
    return [
        each
        for each in charges
        if each["kind"] == "REFUND"
        and each["status"] in GIVEN_BACK
        and (each["parentTransaction"] or {}).get("id") == paid["id"]
    ]


def _sent(line: Payload, sendings: list[Payload]) -> int:
    return sum(
        int(each["quantity"] or 0)
        for sending in sendings
        for each in sending["fulfillmentLineItems"]["nodes"]
        if each["lineItem"]["id"] == line["id"]
    )


def _first(sendings: list[Payload], name: str) -> datetime | None:
    times = (payloads.moment_or_none(each, name) for each in sendings)
    return min((at for at in times if at), default=None)


def _delivered_at(sendings: list[Payload]) -> datetime | None:
    """Of the last parcel, once all have arrived."""
    times = [payloads.moment_or_none(each, "deliveredAt") for each in sendings]
    known = [at for at in times if at]
    return max(known) if known and len(known) == len(times) else None
