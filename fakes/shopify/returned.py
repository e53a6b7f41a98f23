"""Returns of the book, with the parcels that bring them, as Shopify's objects."""

from fakes.shopify.plain import gid
from fakes.shops.book import Book
from fakes.shops.figures import Row

RETURNS = {
    "requested": "REQUESTED", "open": "OPEN", "declined": "DECLINED", "closed": "CLOSED",
    "cancelled": "CANCELED",
}  # fmt: skip


def return_of(row: Row, book: Book) -> Row:
    return {
        "id": gid("Return", row["id"]),
        "name": f"R{row['id']}",
        "status": RETURNS[row["status"]],
        "order": {"id": gid("Order", row["order_id"])},
        "returnLineItems": [_return_line(row, at, each) for at, each in enumerate(row["lines"])],
        "reverseFulfillmentOrders": lambda **_: [_reverse(row, book)],
    }


def _return_line(row: Row, at: int, line: Row) -> Row:
    processable = line["quantity"] - line.get("processed", 0)
    sent = line.get("sent", f"0~{line['line_id']}")
    return {
        "__typename": "ReturnLineItem",
        "id": gid("ReturnLineItem", f"{row['id']}~{at}"),
        "quantity": line["quantity"],
        "processableQuantity": processable if row["status"] == "open" else 0,
        "returnReasonNote": line.get("note", ""),
        "customerNote": line.get("customer_note"),
        "fulfillmentLineItem": {
            "id": gid("FulfillmentLineItem", sent),
            "lineItem": {"id": gid("LineItem", line["line_id"])},
        },
    }


def _reverse(row: Row, book: Book) -> Row:
    return {
        "id": gid("ReverseFulfillmentOrder", row["id"]),
        "status": "OPEN" if row["status"] == "open" else "CLOSED",
        "reverseDeliveries": [
            {"id": gid("ReverseDelivery", each["id"]), "deliverable": _deliverable(each)}
            for each in book.rows("deliveries", return_id=row["id"])
        ],
    }


def _deliverable(row: Row) -> Row:
    return {
        "__typename": "ReverseDeliveryShippingDeliverable",
        "tracking": {"number": row["number"], "url": None},
        "label": {"publicFileUrl": row["url"]} if row["url"] else None,
    }
