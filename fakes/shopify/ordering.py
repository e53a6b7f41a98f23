"""Mutations of orders and their refunds."""

import re
from collections.abc import Callable
from fractions import Fraction

from fakes.psp.refusals import Refusal
from fakes.shopify import plain, shapes
from fakes.shopify.keys import once
from fakes.shopify.plain import id_of
from fakes.shops.book import Book
from fakes.shops.figures import Row, minor

_REFERENCE = re.compile(r"\[([^\]]+)\]")


def reference_in(note: str | None) -> str:
    found = _REFERENCE.findall(note or "")
    return found[-1] if found else ""


def mutations(book: Book) -> dict[str, Callable[..., Row]]:
    return {
        "refundCreate": lambda **asked: _shown(
            book, once(book, "refundCreate", asked, refunds(book))
        ),
        "orderCreate": lambda **asked: _place(book, asked["order"], asked["options"]),
        "orderCancel": lambda **asked: _cancel(book, asked),
        "orderUpdate": lambda **asked: _keep_note(book, asked["input"]),
        "tagsAdd": lambda **asked: _tag(book, asked),
    }


def refunds(book: Book) -> Callable[[Row], Row]:
    def work(asked: Row) -> Row:
        given = asked["input"]
        order = book.get("orders", id_of(given["orderId"]))
        lines = [
            {"line_id": id_of(each["lineItemId"]), "quantity": each["quantity"]}
            for each in given.get("refundLineItems") or ()
        ]
        _assert_currency(order, given)
        parts = given["transactions"]
        if not parts:
            raise Refusal(422, "refused", "The fake only refunds with transactions", "invalid")
        first: Row = {}
        for part in parts:
            amount, presented = _amounts(book, order, part)
            facts = {
                "order_id": order["id"], "payment_id": id_of(part["parentId"]), "amount": amount,
                "shown": presented, "note": given.get("note") or "",
                "reference": reference_in(given.get("note")),
                "lines": [] if first else lines, "group": first.get("id", ""),
            }  # fmt: skip
            made = book.refund(facts)
            first = first or made
        return {"id": first["id"]}

    return work


def _assert_currency(order: Row, given: Row) -> None:
    other = order["presentment_currency"] or order["currency"]
    if other != order["currency"] and given.get("currency") != other:
        raise Refusal(422, "refused", "Currency must be the presentment currency", "invalid")


def _amounts(book: Book, order: Row, part: Row) -> tuple[int, int]:
    """In shop money and in the shopper's; the last of a payment is the last in both."""
    currency = order["presentment_currency"] or order["currency"]
    presented = minor(part["amount"], currency)
    rate = Fraction(order["presentment_rate"] or 1)
    payment = id_of(part["parentId"])
    made = book.rows("refunds", order_id=order["id"], payment_id=payment)
    gone = sum(each.get("shown", 0) for each in made if each["status"] != "failed")
    left = plain.shown(book.captured(order["id"], payment), order) - gone
    if presented == left:
        return book.refundable(order["id"], payment), presented
    return int(Fraction(presented) / rate + Fraction(1, 2)), presented


def _shown(book: Book, made: Row) -> Row:
    row = book.get("refunds", made["id"])
    order = book.get("orders", row["order_id"])
    return {"refund": shapes.refund_of(row, book), "order": shapes.order_of(order, book)}


def _place(book: Book, order: Row, options: Row) -> Row:
    lines = []
    for at, each in enumerate(order["lineItems"]):
        price = each["priceSet"]["shopMoney"]
        variant = id_of(each["variantId"])
        lines.append({
            "variant_id": variant, "quantity": each["quantity"], "title": f"Goods {at + 1}",
            "price": minor(price["amount"], price["currencyCode"]),
        })  # fmt: skip
    if options["inventoryBehaviour"] != "DECREMENT_OBEYING_POLICY":
        raise Refusal(422, "refused", "The fake only sells what it has", "invalid")
    facts = {
        "lines": lines, "currency": order["currency"], "email": order.get("email") or "",
        "is_paid": order.get("financialStatus") == "PAID", "tags": order.get("tags") or [],
        "notes": [order["note"]] if order.get("note") else [],
    }  # fmt: skip
    made = book.place_order(facts, order.get("sourceIdentifier") or "")
    return {"order": shapes.order_of(made, book)}


def _cancel(book: Book, asked: Row) -> Row:
    book.cancel(id_of(asked["orderId"]), asked.get("staffNote") or "")
    return {"job": None}


def _keep_note(book: Book, given: Row) -> Row:
    id = id_of(given["id"])  # noqa: A001
    added = given["note"].removeprefix("\n".join(book.get("orders", id)["notes"])).strip("\n")
    return {"order": shapes.order_of(book.note(id, added), book)}


def _tag(book: Book, asked: Row) -> Row:
    order = book.note(id_of(asked["id"]), "", tuple(asked["tags"]))
    return {"node": shapes.order_of(order, book)}
