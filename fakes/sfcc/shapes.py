"""Rows of the book as Salesforce's orders: numbers of JSON, moments in UTC, one shipment."""

from fakes.shops.book import Book
from fakes.shops.figures import Row, iso, text

METHODS = {"card": "CREDIT_CARD", "gift_card": "GIFT_CERTIFICATE"}


def order(row: Row, book: Book) -> Row:
    currency = row["currency"]
    sent = bool(row["lines"]) and all(each["fulfilled"] for each in row["lines"])
    part = any(each["fulfilled"] for each in row["lines"])
    shipping = sum(each["total"] for each in row["shipping"])
    shipping_tax = sum(each["tax"] for each in row["shipping"])
    status = "shipped" if sent else "part_shipped" if part else "not_shipped"
    return {
        "orderNo": row["id"],
        "siteId": "RefArch",
        "status": _status(row),
        "paymentStatus": "paid" if row["is_paid"] else "not_paid",
        "shippingStatus": status,
        "creationDate": iso(row["placed"]),
        "placeDate": iso(row["placed"]),
        "lastModified": iso(row["updated"]),
        "currency": currency,
        "taxation": "gross" if row["tax_included"] else "net",
        "customerInfo": {"customerId": row["customer_id"], "email": row["email"],
                         "customerName": row["name"]},
        "customerLocale": "es-ES",
        "productItems": [_item(each, currency) for each in row["lines"]],
        "shippingItems": [
            {"itemId": f"s{at}", "itemText": each["title"]}
            for at, each in enumerate(row["shipping"])
        ],
        "shipments": [_shipment(row, book, status)],
        "paymentInstruments": [_paid(each, currency) for each in row["tenders"]],
        "shippingTotal": figure(shipping, currency),
        "shippingTotalTax": figure(shipping_tax, currency),
        "taxTotal": figure(shipping_tax + sum(each["tax"] for each in row["lines"]), currency),
        "orderTotal": figure(row["total"], currency),
        "c_reveniNotes": notes(row),
    }  # fmt: skip


def notes(row: Row) -> str:
    return "\n".join(row["notes"])


def figure(minor: int, currency: str) -> float:
    return float(text(minor, currency))


def _status(row: Row) -> str:
    if row["cancelled"]:
        return "cancelled"
    return "completed" if row["status"] == "completed" else "new"


def _item(line: Row, currency: str) -> Row:
    """An edited line keeps its old adjustments, and its price is that of what is left."""
    price = line["quantity"] * line["price"]
    return {
        "itemId": line["id"],
        "productId": line["variant_id"],
        "productName": line["title"],
        "quantity": line["quantity"],
        "basePrice": figure(line["price"], currency),
        "price": figure(price, currency),
        "priceAfterItemDiscount": figure(line["total"], currency),
        "priceAfterOrderDiscount": figure(line["total"], currency),
        "priceAdjustments": [
            {"promotionId": each["label"], "couponCode": each["label"],
             "price": figure(-each["amount"], currency)}
            for each in line["discounts"]
        ],
        "tax": figure(line["tax"], currency),
        "taxRate": float(line["tax_rate"]),
        "shipmentId": "me",
    }  # fmt: skip


def _shipment(row: Row, book: Book, status: str) -> Row:
    where = row["address"]
    first, _, last = where["name"].partition(" ")
    parcels = book.rows("fulfilments", order_id=row["id"])
    parcel = parcels[-1] if parcels else {}
    return {
        "shipmentId": "me", "shippingStatus": status,
        "trackingNumber": parcel.get("tracking_number", ""),
        "shippingMethod": {"id": "001", "name": parcel.get("carrier") or "Ground"},
        "shippingAddress": {
            "firstName": first, "lastName": last, "fullName": where["name"],
            "address1": where["street"], "address2": where["street2"],
            "postalCode": where["postcode"], "city": where["city"],
            "stateCode": where["region"], "countryCode": where["country"], "phone": where["phone"],
        },
    }  # fmt: skip


def _paid(tender: Row, currency: str) -> Row:
    amount = figure(tender["captured"], currency)
    return {
        "paymentInstrumentId": tender["id"],
        "paymentMethodId": METHODS.get(tender["kind"], "PayPal"),
        "amount": amount,
        "paymentTransaction": {"transactionId": f"tx-{tender['id']}", "amount": amount,
                               "paymentProcessorId": "ADYEN"},
    }  # fmt: skip
