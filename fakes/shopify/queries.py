"""The fields of the query root, over one shop's book."""

import re
from collections.abc import Callable
from typing import Any

from fakes.psp.refusals import Refusal
from fakes.shopify import shapes
from fakes.shopify.shapes import gid, id_of
from fakes.shops.book import Book
from fakes.shops.figures import Row, seconds

_FILTER = re.compile(r"(\w+):(>=|>)?'?\"?([^'\"]+)'?\"?")


def roots(book: Book, domain: str, base: str) -> dict[str, Callable[..., Any]]:
    def order(id: str) -> Row | None:  # noqa: A002
        row = _row(book, "orders", id)
        return shapes.order_of(row, book) if row else None

    def orders(query: str = "", **_: Any) -> list[Row]:
        found = sorted(book.rows("orders"), key=lambda row: float(row["updated"]))
        return [shapes.order_of(row, book) for row in found if _fits(row, query)]

    def refund(id: str) -> Row | None:  # noqa: A002
        row = _row(book, "refunds", id)
        return shapes.refund_of(row, book) if row else None

    def found_return(id: str) -> Row | None:  # noqa: A002
        row = _row(book, "returns", id)
        return shapes.return_of(row, book) if row else None

    def fulfillment(id: str) -> Row | None:  # noqa: A002
        row = _row(book, "fulfilments", id)
        return shapes.sending_of(row, book.get("orders", row["order_id"])) if row else None

    def product_variant(id: str) -> Row | None:  # noqa: A002
        row = _row(book, "variants", id)
        return shapes.variant_of(row) if row else None

    def product_variants(query: str = "", **_: Any) -> list[Row]:
        return [shapes.variant_of(row) for row in book.rows("variants") if _is_of(row, query)]

    def gift_card(id: str) -> Row | None:  # noqa: A002
        row = _row(book, "credits", id)
        return shapes.card_of(row) if row else None

    def gift_cards(query: str = "", **_: Any) -> list[Row]:
        wanted = query.partition(":")[2]
        rows = book.rows("credits")
        return [shapes.card_of(row) for row in rows if row["code"].lower().endswith(wanted)]

    def bulk_operation(id: str) -> Row | None:  # noqa: A002
        row = _row(book, "exports", id)
        return shapes.export_of(row, base) if row else None

    return {
        "shop": lambda: {
            "name": "Fake Goods",
            "myshopifyDomain": domain,
            "currencyCode": "EUR",
            "ianaTimezone": "Europe/Madrid",
        },
        "currentAppInstallation": lambda: {"accessScopes": [{"handle": "write_orders"}]},
        "order": order,
        "orders": orders,
        "refund": refund,
        "return": found_return,
        "fulfillment": fulfillment,
        "returnableFulfillments": lambda orderId, **_: returnable(book, id_of(orderId)),  # noqa: N803
        "productVariant": product_variant,
        "productVariants": product_variants,
        "giftCard": gift_card,
        "giftCards": gift_cards,
        "bulkOperation": bulk_operation,
        "webhookSubscriptions": lambda **_: [shapes.webhook_of(row) for row in book.webhooks()],
    }


def _row(book: Book, table: str, id: str) -> Row | None:  # noqa: A002
    try:
        return book.get(table, id_of(id))
    except Refusal:
        return None


def _fits(row: Row, query: str) -> bool:
    for name, _, value in _FILTER.findall(query or ""):
        if name == "updated_at" and int(row["updated"]) < seconds(value):
            return False
        if name == "source_identifier" and row["reference"] != value:
            return False
    return True


def _is_of(row: Row, query: str) -> bool:
    return not query or str(row["product_id"]) == query.partition(":")[2]


def returnable(book: Book, order_id: str) -> list[Row]:
    """What was sent and stands on no return that is alive."""
    order = book.get("orders", order_id)
    found = []
    for sending in shapes.sendings(book, order_id):
        shape = shapes.sending_of(sending, order)
        lines = [
            {"quantity": left, "fulfillmentLineItem": each}
            for each in shape["fulfillmentLineItems"]
            if (left := each["quantity"] - taken(book, order_id, id_of(each["id"]))) > 0
        ]
        node = {"id": gid("ReturnableFulfillment", sending["id"])}
        found.append({**node, "returnableFulfillmentLineItems": lines})
    return found


def taken(book: Book, order_id: str, sent: str) -> int:
    alive = ("requested", "open", "closed")
    return sum(
        int(line["quantity"])
        for row in book.rows("returns", order_id=order_id)
        if row["status"] in alive
        for line in row["lines"]
        if line.get("sent") == sent
    )
