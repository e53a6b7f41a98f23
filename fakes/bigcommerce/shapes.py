"""Rows of the book as BigCommerce shows them: v2 in texts of four decimals, v3 in numbers."""

from datetime import UTC, datetime
from email.utils import format_datetime

from fakes.shops.book import Book
from fakes.shops.figures import Row, text

CREDIT = "storecredit"
CARD = "braintree"
CANCELLED, SHIPPED, UNPAID, PAID = 5, 2, 7, 11


def number(id: str) -> int | str:  # noqa: A002
    """What a test has named, such as the line `order-1`, stays as it is."""
    return int(id) if id.isdecimal() else id


def four(minor: int, currency: str) -> str:
    whole, _, part = text(minor, currency).partition(".")
    return f"{whole}.{part:0<4}"


def figure(minor: int, currency: str) -> int | float:
    """v3 writes numbers."""
    told = text(minor, currency)
    return float(told) if "." in told else int(told)


def mail_date(seconds: float | None) -> str:
    """Whole seconds, as everything in v2."""
    return format_datetime(datetime.fromtimestamp(int(seconds), UTC)) if seconds else ""


def status(row: Row) -> int:
    if row["cancelled"]:
        return CANCELLED
    if row["status"] == "completed":
        return SHIPPED
    return PAID if row["is_paid"] else UNPAID


def order(row: Row) -> Row:
    currency = row["currency"]
    credit = sum(each["captured"] for each in row["tenders"] if each["kind"] == "credit")
    shipping = sum(each["total"] for each in row["shipping"])
    tax = sum(each["tax"] for each in row["shipping"])
    return {
        "id": int(row["id"]),
        "status_id": status(row),
        "customer_id": int(row["customer_id"] or 0),
        "customer_locale": "es",
        "date_created": mail_date(row["placed"]),
        "date_modified": mail_date(row["updated"]),
        "date_shipped": mail_date(row["updated"]) if row["status"] == "completed" else "",
        "currency_code": currency,
        "total_inc_tax": four(row["total"], currency),
        "shipping_cost_inc_tax": four(shipping, currency),
        "shipping_cost_ex_tax": four(shipping - tax, currency),
        "store_credit_amount": four(credit, currency),
        "gift_certificate_amount": "0.0000",
        "items_shipped": sum(each["fulfilled"] for each in row["lines"]),
        "payment_method": "Credit Card",
        "payment_provider_id": next(
            (each["id"] for each in row["tenders"] if each["kind"] != "credit"), None
        ),
        "payment_status": "captured" if row["is_paid"] else "pending",
        "billing_address": {**person(row), "email": row["email"]},
        "external_id": row["reference"] or None,
        "staff_notes": "\n".join(row["notes"]),
        "is_tax_inclusive_pricing": row["tax_included"],
    }


def person(row: Row) -> Row:
    where = row["address"]
    first, _, last = where["name"].partition(" ")
    return {
        "first_name": first, "last_name": last, "company": "", "street_1": where["street"],
        "street_2": where["street2"], "city": where["city"], "state": where["region"],
        "zip": where["postcode"], "country_iso2": where["country"], "phone": where["phone"],
    }  # fmt: skip


def products(row: Row) -> list[Row]:
    return [_product(line, row["currency"]) for line in row["lines"]]


def _product(line: Row, currency: str) -> Row:
    """An edited line keeps its old allocations; `discounted_total_inc_tax` is what it pays."""
    return {
        "id": number(line["id"]),
        "product_id": number(line["product_id"]),
        "variant_id": number(line["variant_id"]),
        "name": line["title"],
        "sku": line["sku"],
        "quantity": line["quantity"],
        "quantity_shipped": line["fulfilled"],
        "price_inc_tax": four(line["price"], currency),
        "total_inc_tax": four(line["price"] * line["quantity"], currency),
        "total_tax": four(line["tax"], currency),
        "discounted_total_inc_tax": four(line["total"], currency),
        "applied_discounts": [
            {"name": each["label"], "amount": four(each["amount"], currency)}
            for each in line["discounts"]
        ],
        "product_options": [],
    }


def addresses(row: Row) -> list[Row]:
    shipping = sum(each["total"] for each in row["shipping"])
    cost = four(shipping, row["currency"])
    return [{**person(row), "id": int(row["id"]), "cost_inc_tax": cost}]


def shipment(row: Row) -> Row:
    return {
        "id": int(row["id"]),
        "date_created": mail_date(row["sent"]),
        "tracking_carrier": row["carrier"],
        "tracking_number": row["tracking_number"],
        "tracking_link": row["tracking_url"],
        "items": [
            {"order_product_id": number(each["line_id"]), "quantity": each["quantity"]}
            for each in row["lines"]
        ],
    }


def refund(row: Row, book: Book) -> Row:
    """What the gateway declined stands in the list like the rest."""
    kinds = {each["id"]: each["kind"] for each in book.get("orders", row["order_id"])["tenders"]}
    amount = figure(row["amount"], row["currency"])
    credit = kinds.get(row["payment_id"]) == "credit"
    return {
        "id": int(row["id"]),
        "order_id": int(row["order_id"]),
        "reason": row["note"],
        "total_amount": amount,
        "items": [{"item_type": "ORDER", "reason": row["reference"], "requested_amount": amount}],
        "payments": [
            {
                "id": 1,
                "provider_id": CREDIT if credit else CARD,
                "amount": amount,
                "offline": False,
                "is_declined": row["status"] == "failed",
                "declined_message": "No" if row["status"] == "failed" else "",
            }
        ],
    }


def variant(row: Row) -> Row:
    return {
        "id": number(row["id"]),
        "product_id": number(row["product_id"]),
        "sku": row["sku"],
        "calculated_price": figure(row["price"], row["currency"]),
        "inventory_level": row["available"] or 0,
        "option_values": [{"label": row["title"].partition(" / ")[2]}],
    }


def product(row: Row) -> Row:
    tracking = "none" if row["available"] is None else "variant"
    name = row["title"].partition(" / ")[0]
    return {"id": number(row["product_id"]), "name": name, "inventory_tracking": tracking}


def certificate(row: Row) -> Row:
    return {
        "id": int(row["id"]),
        "code": row["code"],
        "amount": four(row["amount"], row["currency"]),
        "balance": four(row["balance"], row["currency"]),
        "status": "disabled" if row["is_void"] else "active",
    }


def hook(row: Row) -> Row:
    return {
        "id": int(row["id"]),
        "scope": row["topic"],
        "destination": row["url"],
        "is_active": row["is_active"],
    }
