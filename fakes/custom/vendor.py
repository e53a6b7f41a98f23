"""One address that takes signed calls, as docs/custom-platform.md asks of a merchant's shop."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any, ClassVar, override

from fakes.custom import shapes
from fakes.psp.refusals import Refusal
from fakes.shops.book import Book
from fakes.shops.figures import Row, iso, minor, seconds
from fakes.shops.vendor import Hook, Raw, Reply, Vendor

# What the merchant typed into the product, and what this shop keeps.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105
PATH = "/reveni"
PAGE = 50
CAPABILITIES = (
    "orders", "changes", "refunds", "suggestions", "returns", "return_requests", "exchanges",
    "cancellations", "reservations", "restocks", "variants", "credit", "notes", "webhooks",
    "fulfilments",
)  # fmt: skip
TYPES = {
    "orders": "order.changed",
    "refunds": "refund.made",
    "returns": "return.changed",
    "fulfilments": "fulfilment.changed",
    "uninstalled": "shop.uninstalled",
    "privacy": "privacy.requested",
}


class Custom(Vendor):
    NEEDED: ClassVar[frozenset[str]] = frozenset({"currency", "id"})

    def __init__(self) -> None:
        self.page = PAGE

    @override
    def shop_of(self, raw: Raw, book_of: Callable[[str], Book]) -> str:
        id_, at = raw.headers.get("webhook-id", ""), raw.headers.get("webhook-timestamp", "")
        if raw.headers.get("webhook-signature") != sign(SECRET, id_, at, raw.body):
            raise Refusal(401, "unauthorized", "The signature does not hold", "unauthorized")
        return "main"

    @override
    def operation(self, raw: Raw) -> str:
        try:
            return str(json.loads(raw.body)["type"])
        except (ValueError, KeyError, TypeError):
            return ""

    @override
    def answer(self, raw: Raw, book: Book) -> Reply:
        if raw.method != "POST" or raw.path != PATH:
            raise Refusal(404, "not_found", "Nothing lives here")
        asked = json.loads(raw.body)
        step = getattr(self, "do_" + asked["type"].replace(".", "_"), None)
        if step is None:
            raise Refusal(422, "refused", "No such call", "not_offered")
        return Reply({"data": step(book, asked["data"])})

    @override
    def refused(self, refusal: Refusal, raw: Raw) -> Reply:
        error = {"message": refusal.message, **({"code": refusal.code} if refusal.code else {})}
        return Reply({"error": error}, refusal.status)

    @override
    def hooks(self, topic: str, row: Row, book: Book) -> list[Hook]:
        kind, id_ = TYPES.get(topic, ""), f"msg_{book.new_id()}"
        about = {"order_id": row["id"] if topic == "orders" else row.get("order_id", "")}
        told = {"type": kind, "timestamp": iso(book.now()), "data": about}
        return [Hook(kind, json.dumps(told).encode(), id_)] if kind else []

    @override
    def signed(self, hook: Hook, subscription: Row, at: float) -> dict[str, str]:
        stamp = str(int(at))
        return {
            "webhook-id": hook.id,
            "webhook-timestamp": stamp,
            "webhook-signature": sign(subscription["secret"], hook.id, stamp, hook.body),
        }

    @override
    def control(self, book: Book, asked: Row) -> Any:
        """`page`: how many orders or variants one answer holds."""
        self.page = int(asked["size"])
        return {}

    def do_shop_get(self, book: Book, asked: Row) -> Row:
        return {
            "name": "Casa Ana",
            "domain": "casa-ana.example",
            "currency": "EUR",
            "time_zone": "Europe/Madrid",
            "capabilities": [*CAPABILITIES],
        }

    def do_order_get(self, book: Book, asked: Row) -> Row:
        return {"order": shapes.order(book, book.get("orders", asked["order_id"]))}

    def do_orders_changed(self, book: Book, asked: Row) -> Row:
        """The cursor is the place of the last one told: who changes meanwhile moves behind it."""
        after = tuple(json.loads(asked["cursor"])) if asked["cursor"] else (0, "")
        since = seconds(asked["since"])
        rows = sorted(book.rows("orders"), key=_place)
        rows = [row for row in rows if row["updated"] >= since and _place(row) > after]
        shown = rows[: self.page]
        cursor = json.dumps(_place(shown[-1])) if len(rows) > self.page else ""
        return {"orders": [shapes.order(book, row) for row in shown], "cursor": cursor}

    def do_refund_maximum(self, book: Book, asked: Row) -> Row:
        order = book.get("orders", asked["order_id"])
        left = book.refundable(order["id"], asked["payment_id"])
        return {"amount": shapes.money(left, order["currency"])}

    def do_refund_suggest(self, book: Book, asked: Row) -> Row:
        """Shares of what each line cost, cut to whole minor units."""
        order = book.get("orders", asked["order_id"])
        lines = {line["id"]: line for line in order["lines"]}
        amount = tax = 0
        for each in asked["lines"]:
            line = lines[each["line_id"]]
            amount += line["total"] * each["quantity"] // line["quantity"]
            tax += line["tax"] * each["quantity"] // line["quantity"]
        whole = sum(each["total"] for each in order["shipping"])
        shipping = whole if asked["with_shipping"] else 0
        sums = {"amount": amount + shipping, "tax": tax, "shipping": shipping}
        return {name: shapes.money(each, order["currency"]) for name, each in sums.items()}

    def do_refund_create(self, book: Book, asked: Row) -> Row:
        with book.lock:
            row = book.by_reference("refunds", asked["reference"])
            if row is None:
                money = asked.pop("amount")
                amount = minor(money["amount"], money["currency"])
                row = book.refund({**asked, "amount": amount})
        return {"refund": shapes.refund(row)}

    def do_refund_find(self, book: Book, asked: Row) -> Row:
        row = book.by_reference("refunds", asked["reference"])
        if row is None:
            raise Refusal(404, "not_found", "No such refund", "not_found")
        return {"refund": shapes.refund(row)}

    def do_return_open(self, book: Book, asked: Row) -> Row:
        with book.lock:
            row = book.by_reference("returns", asked["reference"])
            if row is None:
                row = book.open_return(asked, "requested" if asked["is_request"] else "open")
        return shapes.returned(row)

    def do_return_approve(self, book: Book, asked: Row) -> Row:
        return shapes.returned(book.turn_return(asked["return_id"], "open"))

    def do_return_decline(self, book: Book, asked: Row) -> Row:
        row = book.turn_return(asked["return_id"], "declined", reason=asked["reason"])
        return shapes.returned(row)

    def do_return_close(self, book: Book, asked: Row) -> Row:
        return shapes.returned(book.turn_return(asked["return_id"], "closed"))

    def do_exchange_create(self, book: Book, asked: Row) -> Row:
        with book.lock:
            row = book.by_reference("orders", asked["reference"])
            if row is None:
                row = book.place_order(_exchange(asked), asked["reference"])
        return {"order": {"id": row["id"], "number": row["number"]}}

    def do_order_cancel(self, book: Book, asked: Row) -> Row:
        book.cancel(asked["order_id"], asked["reason"])
        return {}

    def do_order_note(self, book: Book, asked: Row) -> Row:
        book.note(asked["order_id"], asked["text"], tuple(asked["tags"]))
        return {}

    def do_stock_reserve(self, book: Book, asked: Row) -> Row:
        return self._move(book, asked, -asked["quantity"])

    def do_stock_restock(self, book: Book, asked: Row) -> Row:
        return self._move(book, asked, asked["quantity"])

    def do_variants_list(self, book: Book, asked: Row) -> Row:
        rows = book.rows("variants")
        if asked["product_id"]:
            rows = [row for row in rows if row["product_id"] == asked["product_id"]]
        start = int(asked["cursor"] or 0)
        end = start + self.page
        cursor = str(end) if len(rows) > end else ""
        return {"variants": [shapes.variant(row) for row in rows[start:end]], "cursor": cursor}

    def do_credit_create(self, book: Book, asked: Row) -> Row:
        with book.lock:
            row = book.by_reference("credits", asked["reference"])
            if row is None:
                money = asked["amount"]
                facts = {
                    "amount": minor(money["amount"], money["currency"]),
                    "currency": money["currency"],
                    "customer_id": asked["customer_id"],
                    "email": asked["email"],
                    "reference": asked["reference"],
                    "expires": asked["expires_at"],
                    "code": f"CREDIT-{book.new_id()[-8:]}",
                }
                row = book.give_credit(facts)
        amount = shapes.money(row["amount"], row["currency"])
        return {"credit": {"id": row["id"], "amount": amount, "code": row["code"]}}

    def do_credit_void(self, book: Book, asked: Row) -> Row:
        book.void_credit(asked["credit_id"])
        return {}

    def do_webhooks_register(self, book: Book, asked: Row) -> Row:
        with book.lock:
            there = {row["topic"]: row for row in book.webhooks() if row["url"] == asked["url"]}
            for topic in asked["topics"]:
                if topic in there:
                    id_ = there[topic]["id"]
                    book.change_webhook(id_, secret=asked["secret"], is_active=True)
                else:
                    book.subscribe({"topic": topic, "url": asked["url"], "secret": asked["secret"]})
        return self.do_webhooks_list(book, asked)

    def do_webhooks_list(self, book: Book, asked: Row) -> Row:
        rows = [row for row in book.webhooks() if row["url"] == asked["url"]]
        return {"webhooks": [shapes.webhook(row) for row in rows]}

    def do_webhooks_remove(self, book: Book, asked: Row) -> Row:
        for row in book.webhooks():
            if row["url"] == asked["url"]:
                book.unsubscribe(row["id"])
        return {}

    def do_fulfilments_list(self, book: Book, asked: Row) -> Row:
        rows = book.rows("fulfilments", order_id=asked["order_id"])
        return {"fulfilments": [shapes.fulfilment(row) for row in rows]}

    def _move(self, book: Book, asked: Row, delta: int) -> Row:
        with book.lock:
            if book.by_reference("moves", asked["reference"]) is None:
                book.move_stock(asked["variant_id"], delta, asked["reference"])
        return {}


def sign(secret: str, id_: str, at: str, body: bytes) -> str:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    made = hmac.new(key, f"{id_}.{at}.".encode() + body, hashlib.sha256).digest()
    return "v1," + base64.b64encode(made).decode()


def _exchange(asked: Row) -> Row:
    lines = [
        {
            "variant_id": each["variant_id"],
            "quantity": each["quantity"],
            "price": minor(each["price"]["amount"], each["price"]["currency"]),
            "title": each["title"],
            "sku": each["sku"],
        }
        for each in asked["lines"]
    ]
    return {
        "lines": lines,
        "currency": asked["lines"][0]["price"]["currency"],
        "address": asked["shipping_address"],
        "email": asked["email"],
        "is_paid": asked["is_paid"],
        "origin_id": asked["origin_id"],
        "source": "exchange",
    }


def _place(row: Row) -> tuple[float, str]:
    return (row["updated"], row["id"])
