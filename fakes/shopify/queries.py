"""The fields of the query root, over one shop's book."""

import re
from collections.abc import Callable
from typing import Any

from fakes.psp.refusals import Refusal
from fakes.shopify import accounts, bulk, returned, shapes, shelves
from fakes.shopify.plain import gid, id_of
from fakes.shops.book import Book
from fakes.shops.figures import Row, seconds

_FILTER = re.compile(r"(\w+):(>=|>)?'?\"?([^'\"]+)'?\"?")


class Queries:
    """Each method is a field of the query root, by the name that `roots` gives it."""

    def __init__(self, book: Book, domain: str) -> None:
        self.book, self.domain = book, domain

    def shop(self) -> Row:
        return {
            "name": "Fake Goods",
            "myshopifyDomain": self.domain,
            "currencyCode": "EUR",
            "ianaTimezone": "Europe/Madrid",
        }

    def current_app_installation(self) -> Row:
        return {"accessScopes": [{"handle": each} for each in accounts.scopes(self.book)]}

    def order(self, id: str) -> Row | None:  # noqa: A002
        row = _row(self.book, "orders", id)
        return shapes.order_of(row, self.book) if row else None

    def orders(self, query: str = "", **_: Any) -> list[Row]:
        found = sorted(self.book.rows("orders"), key=lambda row: float(row["updated"]))
        return [
            {**shapes.order_of(row, self.book), "_cursor": f"{row['updated']:020.6f}"}
            for row in found
            if _fits(row, query)
        ]

    def refund(self, id: str) -> Row | None:  # noqa: A002
        row = _row(self.book, "refunds", id)
        return shapes.refund_of(row, self.book) if row else None

    def found_return(self, id: str) -> Row | None:  # noqa: A002
        row = _row(self.book, "returns", id)
        return returned.return_of(row, self.book) if row else None

    def fulfillment(self, id: str) -> Row | None:  # noqa: A002
        row = _row(self.book, "fulfilments", id)
        order = self.book.get("orders", row["order_id"]) if row else {}
        return shapes.sending_of(row, order) if row else None

    def returnable(self, orderId: str, **_: Any) -> list[Row]:  # noqa: N803
        return returnable(self.book, id_of(orderId))

    def variant(self, id: str) -> Row | None:  # noqa: A002
        row = _row(self.book, "variants", id)
        return shelves.variant_of(row) if row else None

    def variants(self, query: str = "", **_: Any) -> list[Row]:
        return [shelves.variant_of(row) for row in self.book.rows("variants") if _is_of(row, query)]

    def card(self, id: str) -> Row | None:  # noqa: A002
        row = _row(self.book, "credits", id)
        return shelves.card_of(row) if row else None

    def cards(self, query: str = "", **_: Any) -> list[Row]:
        wanted = query.partition(":")[2]
        rows = self.book.rows("credits")
        return [shelves.card_of(row) for row in rows if row["code"].lower().endswith(wanted)]

    def webhooks(self, **_: Any) -> list[Row]:
        return [shelves.webhook_of(row) for row in self.book.webhooks()]


def roots(book: Book, domain: str) -> dict[str, Callable[..., Any]]:
    asked = Queries(book, domain)
    return {
        **accounts.queries(book),
        **bulk.queries(book),
        "shop": asked.shop,
        "currentAppInstallation": asked.current_app_installation,
        "order": asked.order,
        "orders": asked.orders,
        "refund": asked.refund,
        "return": asked.found_return,
        "fulfillment": asked.fulfillment,
        "returnableFulfillments": asked.returnable,
        "productVariant": asked.variant,
        "productVariants": asked.variants,
        "giftCard": asked.card,
        "giftCards": asked.cards,
        "webhookSubscriptions": asked.webhooks,
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
