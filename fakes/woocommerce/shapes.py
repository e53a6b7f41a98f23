"""Rows of the book as WooCommerce shows them: totals without tax, ids as numbers."""

from datetime import UTC, datetime
from typing import Any

from fakes.shops.book import Book
from fakes.shops.figures import Row, text

REFERENCE = "_reveni_reference"
MOVES = "_reveni_moves"
TAGS = "_reveni_tags"


def number(id: str) -> int | str:  # noqa: A002
    """What a test has named, such as the line `order-1`, stays as it is."""
    return int(id) if id.isdecimal() else id


def gmt(seconds: float | None) -> str | None:
    if not seconds:
        return None
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def order(row: Row, book: Book) -> Row:
    currency = row["currency"]
    refunds = [each for each in book.rows("refunds", order_id=row["id"]) if shown(each)]
    tender = next(iter(row["tenders"]), {"id": "", "gateway": ""})
    who = person(row)
    return {
        "id": int(row["id"]),
        "parent_id": int(row["origin_id"] or 0),
        "number": row["number"],
        "status": status(row, refunds),
        "currency": currency,
        "prices_include_tax": row["tax_included"],
        "date_created_gmt": gmt(row["placed"]),
        "date_modified_gmt": gmt(row["updated"]),
        "date_paid_gmt": gmt(row["placed"]) if row["is_paid"] else None,
        "date_completed_gmt": gmt(row["updated"]) if row["status"] == "completed" else None,
        "total": text(row["total"], currency),
        "customer_id": int(row["customer_id"] or 0),
        "billing": {**who, "email": row["email"]},
        "shipping": who,
        "payment_method": tender["gateway"],
        "transaction_id": tender["id"],
        "meta_data": meta(row, book),
        "line_items": [line(each, currency, row["tax_included"]) for each in row["lines"]],
        "shipping_lines": [
            {
                "method_title": each["title"],
                "total": text(each["total"] - inside(each, row["tax_included"]), currency),
                "total_tax": text(each["tax"], currency),
            }
            for each in row["shipping"]
        ],
        "fee_lines": [],
        "refunds": [
            {"id": int(each["id"]), "total": text(-each["amount"], currency)} for each in refunds
        ],
    }


def status(row: Row, refunds: list[Row]) -> str:
    if not row["is_paid"]:
        return "pending"
    if sum(each["amount"] for each in refunds) >= row["total"] > 0:
        return "refunded"
    return str(row["status"])


def inside(part: Row, tax_included: bool) -> int:
    return int(part["tax"]) if tax_included else 0


def line(row: Row, currency: str, tax_included: bool) -> Row:
    net = row["total"] - inside(row, tax_included)
    off = sum(each["amount"] for each in row["discounts"])
    return {
        "id": number(row["id"]),
        "name": row["title"],
        "product_id": number(row["product_id"]),
        "variation_id": number(row["variant_id"]),
        "quantity": row["quantity"],
        "sku": row["sku"],
        "subtotal": text(net + off, currency),
        "total": text(net, currency),
        "total_tax": text(row["tax"], currency),
        "taxes": [{"id": 1, "total": text(row["tax"], currency)}],
        "meta_data": [],
    }


def person(row: Row) -> Row:
    where = row["address"]
    first, _, last = where["name"].partition(" ")
    return {
        "first_name": first,
        "last_name": last,
        "company": "",
        "address_1": where["street"],
        "address_2": where["street2"],
        "city": where["city"],
        "state": where["region"],
        "postcode": where["postcode"],
        "country": where["country"],
        "phone": where["phone"],
    }


def meta(row: Row, book: Book) -> list[Row]:
    parcels = [
        {
            "tracking_id": each["id"],
            "tracking_provider": each["carrier"],
            "tracking_number": each["tracking_number"],
            "date_shipped": str(int(each["sent"])),
        }
        for each in book.rows("fulfilments", order_id=row["id"])
        if each["tracking_number"]
    ]
    kept = {REFERENCE: row["reference"], TAGS: ",".join(row["tags"])}
    kept["_wc_shipment_tracking_items"] = parcels
    return [{"id": at, "key": key, "value": kept[key]} for at, key in enumerate(kept) if kept[key]]


def shown(refund: Row) -> bool:
    """What the gateway refused is deleted."""
    return bool(refund["status"] != "failed")


def refund(row: Row) -> Row:
    return {
        "id": int(row["id"]),
        "date_created_gmt": gmt(row["at"]),
        "amount": text(row["amount"], row["currency"]),
        "reason": row["note"],
        "refunded_payment": row["status"] == "done",
        "meta_data": [{"id": 1, "key": REFERENCE, "value": row["reference"]}],
        "line_items": [
            {"quantity": -int(each["quantity"]),
             "total": text(-int(each.get("total", 0)), row["currency"]),
             "total_tax": text(-int(each.get("tax", 0)), row["currency"]),
             "meta_data": [{"key": "_refunded_item_id", "value": str(number(each["line_id"]))}]}
            for each in row["lines"]
        ],
    }  # fmt: skip


def variation(row: Row, book: Book) -> Row:
    counted = row["available"] is not None
    moves = next(iter(book.rows("meta", id=f"moves-{row['id']}")), {"value": ""})["value"]
    return {
        "id": number(row["id"]),
        "type": "variation",
        "parent_id": number(row["product_id"]),
        "sku": row["sku"],
        "price": text(row["price"], row["currency"]),
        "manage_stock": counted,
        "stock_quantity": row["available"],
        "stock_status": "outofstock" if row["available"] == 0 else "instock",
        "backorders_allowed": False,
        "attributes": [{"name": "Size", "option": row["title"].partition(" / ")[2]}],
        "meta_data": [{"key": MOVES, "value": moves}] if moves else [],
    }


def coupon(row: Row) -> Row:
    spent = row["balance"] != row["amount"]
    return {
        "id": int(row["id"]),
        "code": row["code"],
        "amount": text(row["amount"], row["currency"]),
        "usage_count": int(spent),
        "email_restrictions": [row["email"]] if row["email"] else [],
    }


def webhook(row: Row) -> Row:
    told: dict[str, Any] = {
        "id": int(row["id"]),
        "topic": row["topic"],
        "delivery_url": row["url"],
        "status": "active" if row["is_active"] else "disabled",
    }
    return told
