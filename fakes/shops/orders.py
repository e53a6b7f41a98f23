"""An order as the book keeps it, out of the few facts that a test cares for."""

from typing import Any

from fakes.shops.figures import Row

ADDRESS = {
    "name": "Ana López", "street": "Calle Mayor 1", "street2": "", "postcode": "48001",
    "city": "Bilbao", "region": "", "country": "ES", "phone": "",
}  # fmt: skip


def new_order(facts: Row, now: float, id: str) -> Row:  # noqa: A002
    """Paid in full by one card payment unless `tenders` say else; `total` is worked out."""
    id = str(facts.get("id", id))  # noqa: A001
    order: Row = {
        "id": id,
        "number": id[-6:],
        "currency": "EUR",
        "presentment_currency": "",
        "presentment_rate": "",
        "placed": now,
        "updated": now,
        "tax_included": True,
        "email": "ana@example.com",
        "name": "Ana López",
        "phone": "",
        "customer_id": "",
        "discounts": [],
        "cancelled": None,
        "tags": [],
        "notes": [],
        "status": "processing",
        "is_paid": True,
        "origin_id": "",
        "reference": "",
        "source": "shop",
        **{name: value for name, value in facts.items() if name != "id"},
    }
    order["address"] = ADDRESS | facts.get("address", {})
    order["lines"] = [_line(each, f"{id}-{at}") for at, each in enumerate(facts["lines"], 1)]
    order["shipping"] = [{"tax": 0, "title": "Standard", **each} for each in
                         facts.get("shipping", [])]  # fmt: skip
    order["total"] = total(order)
    paid = order["total"] if order["is_paid"] else 0
    default = [{"id": f"pay-{id}", "captured": paid}] if paid else []
    order["tenders"] = [
        {"kind": "card", "gateway": "card", **each} for each in facts.get("tenders", default)
    ]
    return order


def total(order: Row) -> int:
    parts = [*order["lines"], *order["shipping"]]
    tax = 0 if order["tax_included"] else sum(each["tax"] for each in parts)
    return int(sum(each["total"] for each in parts) + tax)


def with_changes(order: Row, changes: Row, now: float) -> Row:
    """A line's discount shrinks with its quantity in `total`, and not in its allocations."""
    news = {str(each["id"]): each for each in changes.get("lines", [])}
    lines = [_edited(line, news[line["id"]]) if line["id"] in news else line
             for line in order["lines"]]  # fmt: skip
    rest = {name: value for name, value in changes.items() if name != "lines"}
    edited = {**order, **rest, "lines": lines, "updated": now}
    edited["total"] = total(edited)
    return edited


def _line(facts: Row, id: str) -> Row:  # noqa: A002
    quantity, price = int(facts.get("quantity", 1)), int(facts["price"])
    discounts: list[dict[str, Any]] = facts.get("discounts", [])
    off = sum(each["amount"] for each in discounts)
    return {
        "id": id,
        "product_id": "p1",
        "variant_id": "v1",
        "sku": "TEE-M",
        "title": "Tee",
        "tax": 0,
        "tax_rate": "0.21",
        "fulfilled": 0,
        **facts,
        "quantity": quantity,
        "price": price,
        "discounts": discounts,
        "total": quantity * price - off,
    }


def _edited(line: Row, news: Row) -> Row:
    quantity = int(news["quantity"] if "quantity" in news else line["quantity"])
    price = int(news["price"] if "price" in news else line["price"])
    off = sum(each["amount"] for each in line["discounts"])
    left = off * quantity // line["quantity"]
    tax = line["tax"] * quantity // line["quantity"]
    total = quantity * price - left
    return {**line, "quantity": quantity, "price": price, "tax": tax, "total": total}
