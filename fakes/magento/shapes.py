"""Rows of the book as Magento shows them: each amount in the base currency and in the shown."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from fakes.magento import memos
from fakes.shops.book import Book
from fakes.shops.figures import Row, decimals

STATES = {"done": 2, "pending": 1, "failed": 3}
STORE = 1


def number(id: str) -> int | str:  # noqa: A002
    """What a test has named, such as the line `order-1`, stays as it is."""
    return int(id) if id.isdecimal() else id


def utc(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S")


def money(minor: int, currency: str) -> float:
    return float(Decimal(minor).scaleb(-decimals(currency)))


def twins(order: Row, amounts: dict[str, int]) -> Row:
    rate = float(order["presentment_rate"] or 1)
    base = {name: money(value, order["currency"]) for name, value in amounts.items()}
    shown = {name: round(value * rate, 2) for name, value in base.items()}
    return {**{f"base_{name}": value for name, value in base.items()}, **shown}


def order(row: Row, book: Book) -> Row:
    paid = sum(each["captured"] for each in row["tenders"])
    back = sum(each["amount"] for each in memos.visible(book, row["id"])
               if each["status"] != "failed")  # fmt: skip
    sent = {name: sum(each[name] for each in row["shipping"]) for name in ("total", "tax")}
    first, _, last = row["name"].partition(" ")
    tender = next(iter(row["tenders"]), {"id": None, "gateway": "checkmo"})
    taken = memos.gone(book, row)
    return {
        "entity_id": int(row["id"]),
        "increment_id": row["number"],
        "state": state(row, paid, back),
        "store_id": STORE,
        "created_at": utc(row["placed"]),
        "updated_at": utc(row["updated"]),
        "base_currency_code": row["currency"],
        "order_currency_code": row["presentment_currency"] or row["currency"],
        "base_to_order_rate": float(row["presentment_rate"] or 1),
        "customer_email": row["email"],
        "customer_firstname": first,
        "customer_lastname": last,
        "customer_is_guest": 1,
        **twins(row, {
            "grand_total": row["total"],
            "shipping_amount": sent["total"] - (sent["tax"] if row["tax_included"] else 0),
            "shipping_tax_amount": sent["tax"],
            "total_paid": paid,
            "total_refunded": back,
        }),
        "items": [item(each, row, taken, paid) for each in row["lines"]],
        "billing_address": address(row),
        "payment": {"method": tender["gateway"], "last_trans_id": tender["id"]},
        "status_histories": [{"comment": each} for each in reversed(row["notes"])],
        "extension_attributes": {
            "shipping_assignments": [{"shipping": {"address": address(row)}}],
        },
    }  # fmt: skip


def state(row: Row, paid: int, back: int) -> str:
    if row["cancelled"] is not None:
        return "canceled"
    if paid and back >= paid:
        return "closed"
    return "processing" if paid else "new"


def item(line: Row, row: Row, taken: dict[str, dict[str, int]], paid: int) -> Row:
    parts = memos.parts_of(line, row)
    gone = taken.get(line["id"], {})
    invoiced = parts if paid else dict.fromkeys(parts, 0)
    return {
        "item_id": number(line["id"]),
        "sku": line["variant_id"],
        "name": line["title"],
        "product_id": number(line["product_id"]),
        "product_type": "simple",
        "qty_ordered": line["quantity"],
        "qty_invoiced": line["quantity"] if paid else 0,
        "qty_shipped": line["fulfilled"],
        "qty_refunded": gone.get("qty", 0),
        **twins(row, {
            "price_incl_tax": line["price"],
            "row_total": parts["row"],
            "row_total_incl_tax": line["price"] * line["quantity"],
            "discount_amount": parts["discount"],
            "tax_amount": parts["tax"],
            "row_invoiced": invoiced["row"],
            "discount_invoiced": invoiced["discount"],
            "tax_invoiced": invoiced["tax"],
            "amount_refunded": gone.get("row", 0),
            "discount_refunded": gone.get("discount", 0),
            "tax_refunded": gone.get("tax", 0),
        }),
    }  # fmt: skip


def address(row: Row) -> Row:
    where = row["address"]
    first, _, last = where["name"].partition(" ")
    return {
        "firstname": first,
        "lastname": last,
        "street": [each for each in (where["street"], where["street2"]) if each],
        "city": where["city"],
        "region": where["region"] or None,
        "postcode": where["postcode"],
        "country_id": where["country"],
        "telephone": where["phone"],
    }


def invoices(row: Row, book: Book) -> list[Row]:
    """One for each payment; what was paid outside the gateway has no transaction."""
    back = [each for each in memos.visible(book, row["id"]) if each["status"] != "failed"]
    return [
        {
            "entity_id": int(f"{row['id']}{at}"),
            "order_id": int(row["id"]),
            "payment_id": each["id"],
            "state": 2,
            "transaction_id": each["id"] if each["kind"] == "card" else None,
            **twins(row, {
                "grand_total": each["captured"],
                "total_refunded": sum(memo["amount"] for memo in back
                                      if memo["payment_id"] in ("", each["id"])),
            }),
            "items": [{"order_item_id": number(line["id"]), "qty": line["quantity"]}
                      for line in row["lines"]],
        }
        for at, each in enumerate(row["tenders"], 1)
    ]  # fmt: skip


def memo(row: Row) -> Row:
    return {
        "entity_id": int(row["id"]),
        "order_id": int(row["order_id"]),
        "state": STATES[row["status"]],
        "base_currency_code": row["currency"],
        "base_grand_total": money(row["amount"], row["currency"]),
        "created_at": utc(row["at"]),
    }


def comments(row: Row) -> Row:
    told = [{"comment": row["reference"]}] if row["reference"] else []
    return {"items": told, "total_count": len(told)}


def shipment(row: Row) -> Row:
    tracks = [{"track_number": row["tracking_number"], "title": row["carrier"],
               "carrier_code": "custom"}] if row["tracking_number"] else []  # fmt: skip
    return {
        "entity_id": int(row["id"]),
        "order_id": int(row["order_id"]),
        "created_at": utc(row["sent"]),
        "items": [
            {"order_item_id": number(each["line_id"]), "qty": each["quantity"]}
            for each in row["lines"]
        ],
        "tracks": tracks,
    }


def product(row: Row) -> Row:
    """One of the goods, known by its SKU."""
    return {
        "entity_id": 900_000 + sum(map(ord, row["id"])),
        "id": 900_000 + sum(map(ord, row["id"])),
        "sku": row["id"],
        "name": row["title"],
        "price": money(row["price"], row["currency"]),
        "type_id": "simple",
    }


def configurable(product_id: str) -> Row:
    told: dict[str, Any] = {"entity_id": number(product_id), "id": number(product_id)}
    return {**told, "sku": f"conf-{product_id}", "price": 0, "type_id": "configurable"}


def source(row: Row) -> Row:
    count = row["available"]
    return {"sku": row["id"], "source_code": "default", "quantity": count or 0,
            "status": 0 if count == 0 else 1}  # fmt: skip


def stock_item(row: Row) -> Row:
    counted = row["available"] is not None
    return {"item_id": 7, "qty": row["available"] or 0, "manage_stock": counted,
            "is_in_stock": row["available"] != 0}  # fmt: skip


def coupon(row: Row, rule_id: int) -> Row:
    return {"coupon_id": int(row["id"]), "rule_id": rule_id, "code": row["code"],
            "times_used": int(row["balance"] != row["amount"])}  # fmt: skip
