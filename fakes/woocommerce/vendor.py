"""WooCommerce's own ways: keys by Basic or in the address, routes, errors and signature."""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Callable
from typing import Any, override

from fakes.psp.refusals import Refusal
from fakes.shops.book import Book
from fakes.shops.figures import Row, minor
from fakes.shops.vendor import Hook, Raw, Reply, Vendor
from fakes.woocommerce import granting, shapes

KEY, SECRET = "ck_test", "cs_test"
ROOT = "/wp-json/wc/v3"
ROUTES = (
    ("GET", r"/wp-json/", "site"),
    ("GET", ROOT + r"/data/currencies/current", "currency"),
    ("GET", ROOT + r"/orders", "orders"),
    ("POST", ROOT + r"/orders", "place"),
    ("GET", ROOT + r"/orders/(\w+)", "order"),
    ("PUT", ROOT + r"/orders/(\w+)", "change"),
    ("POST", ROOT + r"/orders/(\w+)/notes", "note"),
    ("GET", ROOT + r"/orders/(\w+)/refunds", "refunds"),
    ("POST", ROOT + r"/orders/(\w+)/refunds", "refund"),
    ("GET", ROOT + r"/products", "products"),
    ("GET", ROOT + r"/products/(\w+)", "product"),
    ("GET", ROOT + r"/products/(\w+)/variations", "variations"),
    ("PUT", ROOT + r"/products/\w+/variations/(\w+)", "stock"),
    ("GET", ROOT + r"/coupons", "coupons"),
    ("POST", ROOT + r"/coupons", "give"),
    ("GET", ROOT + r"/coupons/(\w+)", "coupon"),
    ("DELETE", ROOT + r"/coupons/(\w+)", "void"),
    ("GET", ROOT + r"/webhooks", "webhooks"),
    ("POST", ROOT + r"/webhooks", "subscribe"),
    ("PUT", ROOT + r"/webhooks/(\w+)", "switch"),
    ("DELETE", ROOT + r"/webhooks/(\w+)", "unsubscribe"),
)
MISSING = {"order": "shop_order_invalid_id", "coupon": "shop_coupon_invalid_id"}


class Woo(Vendor):
    def __init__(self) -> None:
        self.drops_headers = False

    @override
    def shop_of(self, raw: Raw, book_of: Callable[[str], Book]) -> str:
        scheme, _, pair = raw.headers.get("authorization", "").partition(" ")
        given = base64.b64decode(pair).decode() if scheme == "Basic" else ""
        if self.drops_headers or not given:
            given = ":".join(raw.params.get(f"consumer_{name}", "") for name in ("key", "secret"))
        is_open = raw.path in ("/wp-json/", granting.PATH) or given == f"{KEY}:{SECRET}"
        if not is_open and not granting.is_granted(book_of("main"), given):
            raise Refusal(401, "unauthorized", "Sorry, you cannot view resources", "unauthorized")
        return "main"

    @override
    def operation(self, raw: Raw) -> str:
        return _route(raw)[0]

    @override
    def answer(self, raw: Raw, book: Book) -> Reply:
        if raw.path == granting.PATH:
            return granting.authorize(book, raw)
        name, found = _route(raw)
        if not name:
            raise Refusal(404, "no_route", "No route was found", "no_route")
        reply: Reply = getattr(self, f"_{name}")(raw, book, *found)
        return reply

    @override
    def refused(self, refusal: Refusal, raw: Raw) -> Reply:
        """What the host or a fatal error of PHP says comes as HTML."""
        if refusal.type in ("rate_limit", "outage"):
            html = "<html><body>There has been a critical error on this website.</body></html>"
            return Reply(html, refusal.status, {}, "text/html; charset=UTF-8")
        status, code = refusal.status, f"woocommerce_rest_{refusal.code}"
        if refusal.code == "no_route":
            code = "rest_no_route"
        elif refusal.code == "unauthorized":
            code = "woocommerce_rest_cannot_view"
        elif status == 404:
            code = f"woocommerce_rest_{MISSING.get(self.operation(raw), 'invalid_order_id')}"
        elif self.operation(raw) == "refund":
            status, code = 500, "woocommerce_rest_cannot_create_order_refund"
        body = {"code": code, "message": refusal.message, "data": {"status": status}}
        return Reply(body, status)

    @override
    def hooks(self, topic: str, row: Row, book: Book) -> list[Hook]:
        """A refund or a parcel changes its order, which is told already."""
        if topic != "orders":
            return []
        event = "created" if row["placed"] == row["updated"] else "updated"
        body = json.dumps(shapes.order(row, book)).encode()
        headers = {"X-WC-Webhook-Resource": "order", "X-WC-Webhook-Event": event}
        return [Hook(f"order.{event}", body, row["id"], headers)]

    @override
    def signed(self, hook: Hook, subscription: Row, at: float) -> dict[str, str]:
        digest = hmac.digest(subscription["secret"].encode(), hook.body, hashlib.sha256)
        of_second = f"{subscription['id']}{int(at)}".encode()
        return {
            "X-WC-Webhook-Topic": hook.topic,
            "X-WC-Webhook-ID": subscription["id"],
            "X-WC-Webhook-Delivery-ID": hashlib.sha256(of_second).hexdigest()[:32],
            "X-WC-Webhook-Signature": base64.b64encode(digest).decode(),
        }

    @override
    def control(self, book: Book, asked: Row) -> Any:
        """`drops_headers`: the server in front takes the Authorization header away; `denies`: the
        owner says no to whoever asks for keys."""
        if asked.get("step") == "denies":
            return book.keep("wishes", {"id": "denies"})
        if asked.get("step") != "drops_headers":
            raise KeyError(asked.get("step"))
        self.drops_headers = bool(asked["on"])
        return None

    def _site(self, raw: Raw, book: Book) -> Reply:
        return Reply({"name": "Tees of Bilbao", "timezone_string": "Europe/Madrid"})

    def _currency(self, raw: Raw, book: Book) -> Reply:
        return Reply({"code": "EUR", "name": "Euro"})

    def _orders(self, raw: Raw, book: Book) -> Reply:
        params = raw.params
        rows = book.rows("orders")
        if "parent" in params:
            rows = [row for row in rows if row["origin_id"] == params["parent"]]
        told = [shapes.order(row, book) for row in rows]
        after = params.get("modified_after", "")
        told = [each for each in told if each["date_modified_gmt"] > after]
        return _page(raw, sorted(told, key=lambda each: str(each["date_modified_gmt"])))

    def _order(self, raw: Raw, book: Book, key: str) -> Reply:
        return Reply(shapes.order(book.get("orders", key), book))

    def _place(self, raw: Raw, book: Book) -> Reply:
        asked = json.loads(raw.body)
        kept = {each["key"]: each["value"] for each in asked["meta_data"]}
        lines = [_line(each, book) for each in asked["line_items"]]
        facts = {
            "lines": lines,
            "origin_id": str(asked["parent_id"]),
            "is_paid": asked["set_paid"] is True,
            "email": asked["billing"]["email"],
            "source": "api",
        }
        made = book.place_order(facts, kept.get(shapes.REFERENCE, ""))
        return Reply(shapes.order(made, book), 201)

    def _change(self, raw: Raw, book: Book, key: str) -> Reply:
        asked = json.loads(raw.body)
        if asked.get("status") == "cancelled":
            book.cancel(key)
        for each in asked.get("meta_data", []):
            if each["key"] == shapes.TAGS:
                book.note(key, "", tuple(each["value"].split(",")))
        return self._order(raw, book, key)

    def _note(self, raw: Raw, book: Book, key: str) -> Reply:
        note = json.loads(raw.body)["note"]
        book.note(key, note)
        return Reply({"id": 1, "note": note}, 201)

    def _refunds(self, raw: Raw, book: Book, key: str) -> Reply:
        book.get("orders", key)
        rows = [shapes.refund(each) for each in book.rows("refunds", order_id=key)
                if shapes.shown(each)]  # fmt: skip
        return _page(raw, rows)

    def _refund(self, raw: Raw, book: Book, key: str) -> Reply:
        """Anything but `false` is taken for true, as PHP has it."""
        asked = json.loads(raw.body)
        order = book.get("orders", key)
        lines = {str(shapes.number(each["id"])): each["id"] for each in order["lines"]}
        kept = {each["key"]: each["value"] for each in asked.get("meta_data", [])}
        made = book.refund(
            {
                "order_id": key,
                "amount": minor(asked["amount"], order["currency"]),
                "reference": kept.get(shapes.REFERENCE, ""),
                "note": asked.get("reason", ""),
                "restock": asked.get("api_restock") is not False,
                "lines": [
                    {"line_id": lines[str(each["id"])], "quantity": each["quantity"]}
                    for each in asked.get("line_items", [])
                ],
            }
        )
        if made["status"] == "failed":
            raise Refusal(500, "refused", "The gateway refused the refund", "refused")
        return Reply(shapes.refund(made), 201)

    def _products(self, raw: Raw, book: Book) -> Reply:
        rows = {row["product_id"]: row for row in book.rows("variants")}
        return _page(raw, [_product(row) for row in rows.values()])

    def _product(self, raw: Raw, book: Book, key: str) -> Reply:
        """By the id of a product or of a variation."""
        of_product = book.rows("variants", product_id=key)
        if of_product:
            return Reply(_product(of_product[0]))
        return Reply(shapes.variation(book.get("variants", key), book))

    def _variations(self, raw: Raw, book: Book, key: str) -> Reply:
        rows = book.rows("variants", product_id=key)
        return _page(raw, [shapes.variation(row, book) for row in rows])

    def _stock(self, raw: Raw, book: Book, key: str) -> Reply:
        asked = json.loads(raw.body)
        moves = asked["meta_data"][0]["value"]
        book.set_stock(key, asked["stock_quantity"], json.loads(moves)[-1])
        book.keep("meta", {"id": f"moves-{key}", "value": moves})
        return Reply(shapes.variation(book.get("variants", key), book))

    def _coupons(self, raw: Raw, book: Book) -> Reply:
        rows = book.rows("credits", code=raw.params["code"], is_void=False)
        return _page(raw, [shapes.coupon(row) for row in rows])

    def _give(self, raw: Raw, book: Book) -> Reply:
        asked = json.loads(raw.body)
        if book.rows("credits", code=asked["code"], is_void=False):
            message = "The coupon code already exists"
            raise Refusal(400, "known", message, "coupon_code_already_exists")
        kept = {each["key"]: each["value"] for each in asked["meta_data"]}
        facts = {
            "amount": minor(asked["amount"], "EUR"),
            "currency": "EUR",
            "code": asked["code"],
            "email": "".join(asked["email_restrictions"]),
            "reference": kept[shapes.REFERENCE],
            "expires": asked["date_expires_gmt"],
        }
        return Reply(shapes.coupon(book.give_credit(facts)), 201)

    def _coupon(self, raw: Raw, book: Book, key: str) -> Reply:
        row = book.get("credits", key)
        if row["is_void"]:
            raise Refusal(404, "not_found", "Invalid ID.", "not_found")
        return Reply(shapes.coupon(row))

    def _void(self, raw: Raw, book: Book, key: str) -> Reply:
        return Reply(shapes.coupon(book.void_credit(key)))

    def _webhooks(self, raw: Raw, book: Book) -> Reply:
        return _page(raw, [shapes.webhook(row) for row in book.webhooks()])

    def _subscribe(self, raw: Raw, book: Book) -> Reply:
        asked = json.loads(raw.body)
        facts = {"topic": asked["topic"], "url": asked["delivery_url"], "secret": asked["secret"]}
        return Reply(shapes.webhook(book.subscribe(facts)), 201)

    def _switch(self, raw: Raw, book: Book, key: str) -> Reply:
        asked = json.loads(raw.body)
        changes = {"is_active": asked["status"] == "active", "secret": asked["secret"]}
        return Reply(shapes.webhook(book.change_webhook(key, **changes)))

    def _unsubscribe(self, raw: Raw, book: Book, key: str) -> Reply:
        book.unsubscribe(key)
        return Reply({"id": int(key)})


def _route(raw: Raw) -> tuple[str, tuple[str, ...]]:
    for method, pattern, name in ROUTES:
        found = re.fullmatch(pattern, raw.path)
        if found and method == raw.method:
            return name, found.groups()
    return "", ()


def _page(raw: Raw, rows: list[Row]) -> Reply:
    size, page = (int(raw.params.get(name, default)) for name, default in
                  (("per_page", 10), ("page", 1)))  # fmt: skip
    pages = -(-len(rows) // size)
    headers = {"X-WP-Total": str(len(rows)), "X-WP-TotalPages": str(pages)}
    return Reply(rows[(page - 1) * size : page * size], 200, headers)


def _product(row: Row) -> Row:
    name = row["title"].partition(" / ")[0]
    return {"id": shapes.number(row["product_id"]), "type": "variable", "name": name,
            "manage_stock": False, "stock_status": "instock", "meta_data": []}  # fmt: skip


def _line(asked: Row, book: Book) -> Row:
    variant = book.get("variants", str(asked["variation_id"]))
    quantity = int(asked["quantity"])
    return {
        "variant_id": variant["id"],
        "product_id": variant["product_id"],
        "title": variant["title"],
        "quantity": quantity,
        "price": minor(asked["total"], "EUR") // quantity,
    }
