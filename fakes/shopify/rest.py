"""What webhooks carry: REST objects, with numbers for ids."""

from typing import Any

from fakes.shopify import plain, shapes
from fakes.shops.book import Book
from fakes.shops.figures import Row, iso, text

TOPICS = {
    "requested": "RETURNS_REQUEST", "open": "RETURNS_APPROVE", "declined": "RETURNS_DECLINE",
    "closed": "RETURNS_CLOSE", "cancelled": "RETURNS_CANCEL",
}  # fmt: skip


def messages(topic: str, row: Row, book: Book, domain: str) -> list[tuple[str, Row]]:
    """(subscription topic, body) of one change."""
    if topic == "orders":
        return [(_order_topic(row), order(row, book))]
    if topic == "refunds":
        return [("REFUNDS_CREATE", refund(row, book))]
    if topic == "returns":
        return [(TOPICS[row["status"]], returned(row))]
    if topic == "fulfilments":
        return [("FULFILLMENTS_CREATE", fulfilment(row))]
    if topic == "uninstalled":
        return [("APP_UNINSTALLED", {"id": 1, "myshopify_domain": domain})]
    return []


def _order_topic(row: Row) -> str:
    if row["cancelled"] is not None:
        return "ORDERS_CANCELLED"
    return "ORDERS_CREATE" if row["updated"] == row["placed"] else "ORDERS_UPDATED"


def number(id: Any) -> Any:  # noqa: A002
    return int(id) if str(id).isdecimal() else id


def order(row: Row, book: Book) -> Row:
    currency = row["currency"]
    refunded = book.captured(row["id"]) - book.refundable(row["id"])
    status = "paid" if not refunded else "partially_refunded"
    return {
        "id": number(row["id"]),
        "admin_graphql_api_id": plain.gid("Order", row["id"]),
        "name": f"#{row['number']}",
        "email": row["email"],
        "created_at": iso(row["placed"]),
        "updated_at": iso(row["updated"]),
        "cancelled_at": None if row["cancelled"] is None else iso(row["cancelled"]),
        "currency": currency,
        "presentment_currency": row["presentment_currency"] or currency,
        "taxes_included": row["tax_included"],
        "total_price": text(row["total"], currency),
        "financial_status": status if row["is_paid"] else "pending",
        "tags": ", ".join(row["tags"]),
        "line_items": [_line(each, currency) for each in row["lines"]],
        "shipping_lines": [
            {"title": each["title"], "price": text(each["total"], currency)}
            for each in row["shipping"]
        ],
        "fulfillments": [fulfilment(each) for each in shapes.sendings(book, row["id"])],
        "refunds": [refund(each, book) for each in shapes.refunds(book, row["id"])],
    }


def _line(line: Row, currency: str) -> Row:
    return {
        "id": number(line["id"]),
        "title": line["title"],
        "quantity": line["quantity"],
        "price": text(line["price"], currency),
        "sku": line["sku"],
        "product_id": number(line["product_id"]),
        "variant_id": number(line["variant_id"]),
        "discount_allocations": [
            {"amount": text(each["amount"], currency)} for each in line["discounts"]
        ],
    }


def refund(row: Row, book: Book) -> Row:
    currency = book.get("orders", row["order_id"])["currency"]
    status = shapes.STATUSES[row["status"]].lower()
    charge = {"kind": "refund", "status": status, "amount": text(row["amount"], currency)}
    return {
        "id": number(row["id"]),
        "order_id": number(row["order_id"]),
        "created_at": iso(row["at"]),
        "note": row["note"],
        "refund_line_items": [
            {"line_item_id": number(each["line_id"]), "quantity": each["quantity"]}
            for each in row["lines"]
        ],
        "transactions": [charge],
    }


def fulfilment(row: Row) -> Row:
    return {
        "id": number(row["id"]),
        "order_id": number(row["order_id"]),
        "status": "success",
        "created_at": iso(row["sent"]),
        "tracking_number": row["tracking_number"],
        "line_items": [
            {"id": number(each["line_id"]), "quantity": each["quantity"]} for each in row["lines"]
        ],
    }


def returned(row: Row) -> Row:
    return {
        "id": number(row["id"]),
        "admin_graphql_api_id": plain.gid("Return", row["id"]),
        "order_id": number(row["order_id"]),
        "status": row["status"],
    }
