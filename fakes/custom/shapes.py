"""Rows of the book in the words of the contract."""

from typing import Any

from fakes.shops.book import Book
from fakes.shops.figures import Row, iso, text


def money(amount: int, currency: str) -> Row:
    return {"amount": text(amount, currency), "currency": currency}


def order(book: Book, row: Row) -> Row:
    currency = row["currency"]
    sent = [each["sent"] for each in book.rows("fulfilments", order_id=row["id"])]
    return {
        "id": row["id"],
        "number": row["number"],
        "currency": currency,
        "placed_at": iso(row["placed"]),
        "updated_at": iso(row["updated"]),
        "tax_included": row["tax_included"],
        "total": text(row["total"], currency),
        "customer": {"id": row["customer_id"], "email": row["email"], "name": row["name"]},
        "shipping_address": row["address"],
        "lines": [_line(each, currency) for each in row["lines"]],
        "shipping": [
            {
                "title": each["title"],
                "total": text(each["total"], currency),
                "tax": text(each["tax"], currency),
            }
            for each in row["shipping"]
        ],
        "payments": [_payment(book, row, each) for each in row["tenders"]],
        "shipped_at": iso(min(sent)) if sent else None,
        "cancelled_at": iso(row["cancelled"]) if row["cancelled"] else None,
        "presentment_currency": row["presentment_currency"],
        "presentment_rate": row["presentment_rate"],
        "tags": row["tags"],
    }


def refund(row: Row) -> Row:
    return {
        "id": row["id"],
        "amount": money(row["amount"], row["currency"]),
        "is_done": row["status"] == "done",
        "has_failed": row["status"] == "failed",
    }


def returned(row: Row) -> Row:
    return {"return": {"id": row["id"], "status": row["status"]}}


def variant(row: Row) -> Row:
    shown = {name: row[name] for name in ("id", "product_id", "title", "sku", "available")}
    return {**shown, "price": money(row["price"], row["currency"])}


def fulfilment(row: Row) -> Row:
    names = ("id", "status", "lines", "carrier", "tracking_number", "tracking_url")
    shown = {name: row[name] for name in names}
    delivered = iso(row["delivered"]) if row["delivered"] else None
    return {**shown, "sent_at": iso(row["sent"]), "delivered_at": delivered}


def webhook(row: Row) -> Row:
    return {name: row[name] for name in ("id", "topic", "url", "is_active")}


def _line(row: Row, currency: str) -> Row:
    names = ("id", "title", "quantity", "sku", "product_id", "variant_id")
    shown: dict[str, Any] = {name: row[name] for name in names}
    return {
        **shown,
        "unit_price": text(row["price"], currency),
        "total": text(row["total"], currency),
        "tax": text(row["tax"], currency),
        "fulfilled_quantity": row["fulfilled"],
        "discounts": [
            {"label": each["label"], "amount": text(each["amount"], currency)}
            for each in row["discounts"]
        ],
        "taxes": [{"title": "VAT", "rate": row["tax_rate"], "amount": text(row["tax"], currency)}],
    }


def _payment(book: Book, order: Row, tender: Row) -> Row:
    currency, id_ = order["currency"], tender["id"]
    gone = tender["captured"] - book.refundable(order["id"], id_)
    return {
        "id": id_,
        "kind": tender["kind"],
        "gateway": tender["gateway"],
        "captured": text(tender["captured"], currency),
        "refunded": text(gone, currency),
    }
