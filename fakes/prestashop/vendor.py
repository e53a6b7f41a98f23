"""PrestaShop's own ways: a key for a user's name, filters, and records written as XML."""

import base64
import re
from collections.abc import Callable
from typing import override

from lxml import etree

from fakes.prestashop.tables import CANCELLED, TABLES
from fakes.psp.refusals import Refusal
from fakes.shops.book import Book
from fakes.shops.figures import Row, minor
from fakes.shops.vendor import Hook, Raw, Reply, Vendor

KEY = "WEBSERVICEKEYWEBSERVICEKEYWEBSER"
PATH = re.compile(r"/api/(\w+)(?:/(\w+))?")


class Presta(Vendor):
    @override
    def shop_of(self, raw: Raw, book_of: Callable[[str], Book]) -> str:
        scheme, _, pair = raw.headers.get("authorization", "").partition(" ")
        if scheme != "Basic" or base64.b64decode(pair).decode() != f"{KEY}:":
            raise Refusal(401, "unauthorized", "", "unauthorized")
        return "main"

    @override
    def operation(self, raw: Raw) -> str:
        """`GET orders`."""
        found = PATH.fullmatch(raw.path)
        return f"{raw.method} {found[1]}" if found else ""

    @override
    def answer(self, raw: Raw, book: Book) -> Reply:
        found = PATH.fullmatch(raw.path)
        if found is None or found[1] not in TABLES | {"order_histories": None}:
            raise Refusal(400, "refused", f"Resource of type '{raw.path}' does not exist", "22")
        resource, key = found[1], found[2] or ""
        if raw.method == "GET":
            return self._list(raw, book, resource)
        step = getattr(self, f"_{raw.method.lower()}_{resource}", None)
        if step is None:
            raise Refusal(405, "refused", "Method not allowed for the resource", "25")
        record: Row = step(book, key, _read(raw.body)) if raw.body else step(book, key)
        status = 201 if raw.method == "POST" else 200
        return Reply({_singular(resource): record}, status)

    @override
    def refused(self, refusal: Refusal, raw: Raw) -> Reply:
        if refusal.type == "unauthorized":
            return Reply(b"", 401)
        if refusal.type in ("rate_limit", "outage"):
            return Reply("<html>Internal Server Error</html>", refusal.status, {}, "text/html")
        error = {"code": int(refusal.code) if refusal.code.isdecimal() else 85}
        status = 400 if refusal.status == 422 else refusal.status
        return Reply({"errors": [{**error, "message": refusal.message}]}, status)

    @override
    def hooks(self, topic: str, row: Row, book: Book) -> list[Hook]:
        return []

    @override
    def signed(self, hook: Hook, subscription: Row, at: float) -> dict[str, str]:
        return {}

    def _list(self, raw: Raw, book: Book, resource: str) -> Reply:
        """An empty list is no object."""
        rows = TABLES[resource](book)
        for name, wanted in raw.params.items():
            if name.startswith("filter["):
                field = name[7:-1]
                rows = [row for row in rows if _fits(str(row[field]), wanted)]
        sort = raw.params.get("sort", "").strip("[]").removesuffix("_ASC")
        if sort:
            rows = sorted(rows, key=lambda row: str(row[sort]))
        first, _, size = raw.params.get("limit", "0,100000").rpartition(",")
        start = int(first or 0)
        rows = rows[start : start + int(size)]
        return Reply({resource: rows} if rows else [])

    def _post_order_histories(self, book: Book, key: str, record: Row) -> Row:
        if record["id_order_state"] != CANCELLED:
            raise Refusal(400, "refused", "Another state", "85")
        book.cancel(record["id_order"])
        return {"id": book.new_id(), **record}

    def _post_customer_threads(self, book: Book, key: str, record: Row) -> Row:
        return book.keep("threads", {"id": book.new_id(), **record})

    def _post_customer_messages(self, book: Book, key: str, record: Row) -> Row:
        thread = book.get("threads", record["id_customer_thread"])
        if thread["id_order"] != "0" and not record["message"].startswith("["):
            book.note(thread["id_order"], record["message"])
        return book.keep("messages", {"id": book.new_id(), **record})

    def _put_stock_availables(self, book: Book, key: str, record: Row) -> Row:
        """Whole records only: what is missing would be emptied."""
        missing = {"id_product", "id_product_attribute", "out_of_stock", "id_shop"} - set(record)
        if missing:
            raise Refusal(400, "refused", f"parameter required: {missing}", "85")
        book.set_stock(record["id_product_attribute"], int(record["quantity"]))
        return record

    def _post_cart_rules(self, book: Book, key: str, record: Row) -> Row:
        if set(record["name"]) != {"1", "2"}:
            raise Refusal(400, "refused", "name is required in every language", "85")
        made = book.give_credit({
            "amount": minor(record["reduction_amount"], "EUR"), "currency": "EUR",
            "code": record["code"], "customer_id": record["id_customer"],
            "reference": record["description"], "expires": record["date_to"],
        })  # fmt: skip
        return {**record, "id": made["id"]}

    def _delete_cart_rules(self, book: Book, key: str) -> Row:
        return book.void_credit(key)


def _fits(value: str, wanted: str) -> bool:
    if wanted.startswith(">["):
        return value > wanted[2:-1]
    return value in wanted[1:-1].split("|")


def _read(body: bytes) -> Row:
    root = etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True))
    return {field.tag: _value(field) for field in root[0]}


def _value(field: etree._Element) -> str | Row:
    languages = {str(each.get("id")): each.text or "" for each in field}
    return languages or field.text or ""


def _singular(resource: str) -> str:
    return "order_history" if resource == "order_histories" else resource.removesuffix("s")
