"""Orders of the book, with their money and their parcels, as Shopify's objects."""

from fakes.shopify.plain import bag, gid, id_of
from fakes.shopify.returned import return_of
from fakes.shops.book import Book
from fakes.shops.figures import Row, iso

STATUSES = {"done": "SUCCESS", "pending": "PENDING", "failed": "FAILURE"}


def order_of(row: Row, book: Book) -> Row:
    return {
        "__typename": "Order",
        "id": gid("Order", row["id"]),
        "legacyResourceId": row["id"],
        "name": f"#{row['number']}",
        "email": row["email"],
        "createdAt": iso(row["placed"]),
        "updatedAt": iso(row["updated"]),
        "cancelledAt": None if row["cancelled"] is None else iso(row["cancelled"]),
        "taxesIncluded": row["tax_included"],
        "tags": row["tags"],
        "note": "\n".join(row["notes"]),
        "customerLocale": "es-ES",
        "sourceIdentifier": row["reference"],
        "currencyCode": row["currency"],
        "presentmentCurrencyCode": row["presentment_currency"] or row["currency"],
        "totalPriceSet": bag(row["total"], row),
        "originalTotalDutiesSet": None,
        "customer": _customer(row),
        "shippingAddress": _address(row["address"]),
        "subtotalLineItemsQuantity": sum(each["quantity"] for each in row["lines"]),
        "lineItems": lambda **_: [line_of(each, row) for each in with_removed(row, book)],
        "shippingLines": lambda **_: [_shipping(each, row) for each in row["shipping"]],
        "transactions": lambda **_: charges(row, book),
        "refunds": lambda **_: [refund_of(each, book) for each in refunds(book, row["id"])],
        "returns": lambda **_: [return_of(each, book) for each in _returns(book, row["id"])],
        "fulfillments": lambda **_: [sending_of(each, row) for each in sendings(book, row["id"])],
        "suggestedRefund": lambda **asked: _suggested(row, book, asked),
    }


def _customer(row: Row) -> Row | None:
    if not row["customer_id"]:
        return None
    first, _, last = row["name"].partition(" ")
    return {
        "legacyResourceId": row["customer_id"],
        "firstName": first,
        "lastName": last,
        "defaultPhoneNumber": {"phoneNumber": row["phone"]} if row["phone"] else None,
    }


def _address(address: Row) -> Row:
    return {
        "name": address["name"],
        "company": None,
        "address1": address["street"],
        "address2": address["street2"] or None,
        "zip": address["postcode"],
        "city": address["city"],
        "province": address["region"] or None,
        "countryCodeV2": address["country"],
        "phone": address["phone"] or None,
    }


def line_of(line: Row, order: Row) -> Row:
    return {
        "id": gid("LineItem", line["id"]),
        "title": line["title"],
        "variantTitle": None,
        "sku": line["sku"],
        "quantity": line.get("ordered", line["quantity"]),
        "currentQuantity": line.get("current", line["quantity"]),
        "unfulfilledQuantity": line.get("current", line["quantity"]) - line["fulfilled"],
        "isGiftCard": False,
        "requiresShipping": True,
        "originalUnitPriceSet": bag(line["price"], order),
        "discountAllocations": [_discount(each, order) for each in line["discounts"]],
        "taxLines": lambda **_: _taxes(line, order),
        "product": {"legacyResourceId": line["product_id"]},
        "variant": {"legacyResourceId": line["variant_id"], "barcode": None},
        "image": None,
    }


def with_removed(order: Row, book: Book) -> list[Row]:
    """Lines with what was `ordered` before any edit, and what is neither out nor back by now."""
    if order["updated"] == order["placed"]:
        return list(order["lines"])
    made = (each["body"] for each in book.ground.journal.of("effect") if each["effect"] == "order")
    first = next((each for each in made if each["id"] == order["id"]), order)
    ordered = {line["id"]: line["quantity"] for line in first["lines"]}
    back = [line for each in book.rows("refunds", order_id=order["id"]) for line in each["lines"]]
    return [
        {
            **line,
            "ordered": max(ordered.get(line["id"], 0), line["quantity"]),
            "current": line["quantity"]
            - sum(each["quantity"] for each in back if each["line_id"] == line["id"]),
        }
        for line in order["lines"]
    ]


def _discount(discount: Row, order: Row) -> Row:
    application = {"__typename": "DiscountCodeApplication", "code": discount["label"]}
    return {
        "allocatedAmountSet": bag(discount["amount"], order),
        "discountApplication": application,
    }


def _taxes(priced: Row, order: Row) -> list[Row]:
    if not priced["tax"]:
        return []
    rate = float(priced.get("tax_rate") or 0)
    return [{"title": "VAT", "rate": rate, "priceSet": bag(priced["tax"], order)}]


def _shipping(line: Row, order: Row) -> Row:
    return {
        "title": line["title"],
        "originalPriceSet": bag(line["total"], order),
        "discountAllocations": [],
        "taxLines": _taxes(line, order),
    }


def charges(order: Row, book: Book) -> list[Row]:
    """Sales, then refunds of each."""
    paid = [
        _charge(gid("OrderTransaction", each["id"]), "SALE", each, bag(each["captured"], order))
        for each in order["tenders"]
    ]
    return [
        *paid,
        *(_charge_of(each, order) for each in book.rows("refunds", order_id=order["id"])),
    ]


def _charge(id: str, kind: str, facts: Row, amount: Row) -> Row:  # noqa: A002
    parent = facts.get("payment_id")
    return {
        "id": id,
        "kind": kind,
        "status": facts.get("charge_status", "SUCCESS"),
        "gateway": facts.get("gateway", "card"),
        "errorCode": facts.get("error_code"),
        "amountSet": amount,
        "parentTransaction": {"id": gid("OrderTransaction", parent)} if parent else None,
    }


def _charge_of(refund: Row, order: Row) -> Row:
    status = STATUSES[refund["status"]]
    facts = {
        "payment_id": refund["payment_id"],
        "charge_status": status,
        "error_code": "CARD_DECLINED" if status == "FAILURE" else None,
    }
    amount = bag(refund["amount"], order, refund.get("shown"))
    return _charge(gid("OrderTransaction", f"r{refund['id']}"), "REFUND", facts, amount)


def refunds(book: Book, order_id: str) -> list[Row]:
    """One for all the payments that it came from."""
    return [each for each in book.rows("refunds", order_id=order_id) if not each.get("group")]


def refund_of(row: Row, book: Book) -> Row:
    order = book.get("orders", row["order_id"])
    parts = [row, *book.rows("refunds", group=row["id"])]
    return {
        "id": gid("Refund", row["id"]),
        "note": row["note"],
        "refundLineItems": lambda **_: [
            {"quantity": each["quantity"], "lineItem": {"id": gid("LineItem", each["line_id"])}}
            for each in row["lines"]
        ],
        "totalRefundedSet": bag(sum(part["amount"] for part in parts), order),
        "transactions": lambda **_: [_charge_of(part, order) for part in parts],
    }


def _suggested(order: Row, book: Book, asked: Row) -> Row:
    """What was paid for the units, to the cent below."""
    lines = {line["id"]: line for line in order["lines"]}
    amount = tax = 0
    for each in asked.get("refundLineItems") or ():
        line = lines[id_of(each["lineItemId"])]
        own_tax = line["tax"] * each["quantity"] // line["quantity"]
        amount += line["total"] * each["quantity"] // line["quantity"]
        amount += 0 if order["tax_included"] else own_tax
        tax += own_tax
    shipping = (
        sum(each["total"] for each in order["shipping"]) if asked.get("refundShipping") else 0
    )
    return {
        "amountSet": bag(amount + shipping, order),
        "totalTaxSet": bag(tax, order),
        "shipping": {"amountSet": bag(shipping, order)},
        "maximumRefundableSet": bag(book.refundable(order["id"]), order),
    }


def sendings(book: Book, order_id: str) -> list[Row]:
    return book.rows("fulfilments", order_id=order_id)


def sending_of(row: Row, order: Row) -> Row:
    lines = {line["id"]: line for line in order["lines"]}
    tracking = {
        "company": row["carrier"] or None,
        "number": row["tracking_number"] or None,
        "url": row["tracking_url"] or None,
    }
    delivered = row["delivered"]
    return {
        "id": gid("Fulfillment", row["id"]),
        "legacyResourceId": row["id"],
        "status": "CANCELLED" if row["status"] == "cancelled" else "SUCCESS",
        "displayStatus": "DELIVERED" if delivered else "FULFILLED",
        "createdAt": iso(row["sent"]),
        "deliveredAt": iso(delivered) if delivered else None,
        "trackingInfo": [tracking] if row["tracking_number"] else [],
        "fulfillmentLineItems": [
            {"id": sent_id(row, each), "quantity": each["quantity"],
             "lineItem": line_of(lines[each["line_id"]], order)}
            for each in row["lines"]
        ],
    }  # fmt: skip


def sent_id(sending: Row, line: Row) -> str:
    return gid("FulfillmentLineItem", f"{sending['id']}~{line['line_id']}")


def _returns(book: Book, order_id: str) -> list[Row]:
    return book.rows("returns", order_id=order_id)
