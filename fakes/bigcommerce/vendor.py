"""BigCommerce's own ways: a token, two kinds of errors and pages, a quota, thin webhooks."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any, override

from fakes.bigcommerce import apps, shapes
from fakes.bigcommerce.paging import among, asked, v2, v3
from fakes.bigcommerce.routes import route
from fakes.psp.refusals import Refusal
from fakes.shops.book import Book
from fakes.shops.figures import Row, minor, seconds
from fakes.shops.vendor import Hook, Raw, Reply, Vendor

HASH, TOKEN, CLIENT_SECRET = "abc123", "token-1", "client-secret-of-32-bytes-or-more"
SCOPES = {"refunds": "store/order/refund/created", "fulfilments": "store/shipment/created",
          "uninstalled": "store/app/uninstalled"}  # fmt: skip


class Big(Vendor):
    @override
    def shop_of(self, raw: Raw, book_of: Callable[[str], Book]) -> str:
        if raw.path == apps.PATH:
            return "main"
        is_ours = raw.path.startswith(f"/stores/{HASH}/")
        if not is_ours or raw.headers.get("x-auth-token") != TOKEN:
            raise Refusal(401, "unauthorized", "Unauthorized", "unauthorized")
        return "main"

    @override
    def operation(self, raw: Raw) -> str:
        return route(raw)[0]

    @override
    def answer(self, raw: Raw, book: Book) -> Reply:
        if raw.path == apps.PATH:
            return apps.token(book, raw, TOKEN)
        name, found = route(raw)
        if not name:
            raise Refusal(404, "not_found", "The route is not found", "not_found")
        reply: Reply = getattr(self, f"_{name}")(raw, book, *found)
        return reply

    @override
    def refused(self, refusal: Refusal, raw: Raw) -> Reply:
        if refusal.type == "rate_limit":
            wait = str((refusal.retry_after or 0) * 1000 + 1)
            headers = {"X-Rate-Limit-Time-Reset-Ms": wait, "X-Rate-Limit-Requests-Left": "0"}
            return Reply({"status": 429, "title": "Too many requests"}, 429, headers)
        if refusal.type == "outage":
            return Reply("<html>Bad gateway</html>", refusal.status, {}, "text/html")
        code = refusal.code or refusal.type
        if "/v2/" in raw.path:
            return Reply([{"status": refusal.status, "message": code}], refusal.status)
        body = {
            "status": refusal.status,
            "title": code,
            "type": "https://developer.bigcommerce.com",
        }
        return Reply(body, refusal.status)

    @override
    def control(self, book: Book, asked: Row) -> Any:
        """`code`: the owner said yes, with `scope`; the query that the browser brings."""
        if asked.get("step") != "code":
            raise KeyError(asked.get("step"))
        return apps.code_for(book, HASH, asked.get("scope", apps.SCOPES))

    @override
    def hooks(self, topic: str, row: Row, book: Book) -> list[Hook]:
        """Ids only; what is not about an order carries the order's id beside its own."""
        scope = SCOPES.get(topic, "")
        if topic == "orders":
            event = "created" if row["placed"] == row["updated"] else "updated"
            scope = f"store/order/{event}"
        if not scope:
            return []
        data: Row = {"type": "order", "id": int(row.get("order_id") or row.get("id") or 0)}
        if topic == "refunds":
            data["refund"] = {"refund_id": int(row["id"])}
        if topic == "fulfilments":
            data = {"type": "shipment", "id": int(row["id"]), "orderId": int(row["order_id"])}
        told: Row = {"scope": scope, "store_id": "1001", "producer": f"stores/{HASH}", "data": data}
        told["created_at"] = int(book.now())
        told["hash"] = hashlib.sha1(json.dumps(told).encode()).hexdigest()  # noqa: S324
        return [Hook(scope, json.dumps(told).encode(), str(told["hash"]))]

    @override
    def signed(self, hook: Hook, subscription: Row, at: float) -> dict[str, str]:
        """By the app's secret, not the hook's; a forger has another one."""
        secret = subscription["secret"] or CLIENT_SECRET
        text = f"{hook.id}.{int(at)}.".encode() + hook.body
        digest = base64.b64encode(hmac.digest(secret.encode(), text, hashlib.sha256)).decode()
        return {
            "webhook-id": hook.id,
            "webhook-timestamp": str(int(at)),
            "webhook-signature": f"v1,{digest}",
        }

    def _store(self, raw: Raw, book: Book) -> Reply:
        return Reply({"name": "Tees", "domain": "tees.example.com", "currency": "EUR",
                      "timezone": {"name": "Europe/Madrid"}})  # fmt: skip

    def _orders(self, raw: Raw, book: Book) -> Reply:
        wanted = raw.params
        rows = sorted(book.rows("orders"), key=lambda row: int(row["updated"]))
        if "external_order_id" in wanted:
            rows = [row for row in rows if row["reference"] == wanted["external_order_id"]]
        after = wanted.get("min_date_modified", "1970-01-01T00:00:00Z")
        rows = [row for row in rows if int(row["updated"]) >= seconds(after)]
        return v2(raw, [shapes.order(row) for row in rows])

    def _order(self, raw: Raw, book: Book, key: str) -> Reply:
        return Reply(shapes.order(book.get("orders", key)))

    def _place(self, raw: Raw, book: Book) -> Reply:
        told = json.loads(raw.body)
        lines = [_line(each, book) for each in told["products"]]
        facts = {"lines": lines, "is_paid": told["status_id"] == shapes.PAID, "source": "api",
                 "email": told["billing_address"]["email"]}  # fmt: skip
        return Reply(shapes.order(book.place_order(facts, told["external_id"])), 201)

    def _change(self, raw: Raw, book: Book, key: str) -> Reply:
        told = json.loads(raw.body)
        if told.get("status_id") == shapes.CANCELLED:
            book.cancel(key)
        if "staff_notes" in told:
            kept = "\n".join(book.get("orders", key)["notes"])
            book.note(key, told["staff_notes"].removeprefix(kept).strip())
        return self._order(raw, book, key)

    def _lines(self, raw: Raw, book: Book, key: str) -> Reply:
        return v2(raw, shapes.products(book.get("orders", key)))

    def _addresses(self, raw: Raw, book: Book, key: str) -> Reply:
        return v2(raw, shapes.addresses(book.get("orders", key)))

    def _shipments(self, raw: Raw, book: Book, key: str) -> Reply:
        book.get("orders", key)
        return v2(raw, [shapes.shipment(row) for row in book.rows("fulfilments", order_id=key)])

    def _certificates(self, raw: Raw, book: Book) -> Reply:
        rows = book.rows("credits", code=raw.params["code"])
        return v2(raw, [shapes.certificate(row) for row in rows])

    def _give(self, raw: Raw, book: Book) -> Reply:
        told = json.loads(raw.body)
        facts = {"amount": minor(told["amount"], told["currency_code"]),
                 "currency": told["currency_code"], "code": told["code"],
                 "email": told["to_email"], "expires": told["expiry_date"]}  # fmt: skip
        return Reply(shapes.certificate(book.give_credit(facts)), 201)

    def _certificate(self, raw: Raw, book: Book, key: str) -> Reply:
        return Reply(shapes.certificate(book.get("credits", key)))

    def _void(self, raw: Raw, book: Book, key: str) -> Reply:
        return Reply(shapes.certificate(book.void_credit(key)))

    def _quote(self, raw: Raw, book: Book, key: str) -> Reply:
        """For a sum, what was asked; for units, what they cost. Two ways back, one of them ours."""
        order = book.get("orders", key)
        currency = order["currency"]
        amount = sum(asked(each, order, shapes.number) for each in json.loads(raw.body)["items"])
        if not 0 < amount <= book.refundable(key):
            raise Refusal(422, "refused", "More than can be refunded", "above_maximum")
        whole = shapes.figure(amount, currency)
        methods = [[{"provider_id": each, "amount": whole, "offline": False}]
                   for each in (shapes.CREDIT, shapes.CARD)]  # fmt: skip
        data = {"order_id": int(key), "total_refund_amount": whole, "refund_methods": methods,
                "total_refund_tax_amount": 0}  # fmt: skip
        return Reply({"data": data, "meta": {}}, 201)

    def _refunds(self, raw: Raw, book: Book, key: str) -> Reply:
        book.get("orders", key)
        rows = book.rows("refunds", order_id=key)
        return Reply({"data": [shapes.refund(row, book) for row in rows], "meta": {}})

    def _refund(self, raw: Raw, book: Book, key: str) -> Reply:
        told = json.loads(raw.body)
        order = book.get("orders", key)
        (payment,), items = told["payments"], told["items"]
        to_credit = payment["provider_id"] == shapes.CREDIT
        tenders = [each["id"] for each in order["tenders"]
                   if (each["kind"] == "credit") == to_credit]  # fmt: skip
        facts = {
            "order_id": key,
            "amount": minor(payment["amount"], order["currency"]),
            "reference": items[0]["reason"],
            "lines": [
                {"line_id": str(each["item_id"]), "quantity": each["quantity"]}
                for each in items
                if each["item_type"] == "PRODUCT"
            ],
            "payment_id": tenders[0] if tenders else "",
        }
        return Reply({"data": shapes.refund(book.refund(facts), book), "meta": {}}, 201)

    def _variants(self, raw: Raw, book: Book) -> Reply:
        rows = among(raw, book.rows("variants"), "id")
        wanted = raw.params.get("product_id")
        rows = [row for row in rows if wanted in (None, row["product_id"])]
        return v3(raw, [shapes.variant(row) for row in rows])

    def _products(self, raw: Raw, book: Book) -> Reply:
        rows = {row["product_id"]: row for row in book.rows("variants")}
        return v3(raw, [shapes.product(row) for row in among(raw, list(rows.values()),
                                                               "product_id")])  # fmt: skip

    def _marks(self, raw: Raw, book: Book, key: str) -> Reply:
        rows = book.rows("marks", product_id=key, key=raw.params["key"])
        return v3(raw, [row for row in rows if not row.get("is_gone")])

    def _mark(self, raw: Raw, book: Book, key: str) -> Reply:
        told = json.loads(raw.body)
        if any(not row.get("is_gone") for row in book.rows("marks", key=told["key"])):
            raise Refusal(409, "known", "The metafield exists", "metafield_exists")
        row = book.keep("marks", {"id": book.new_id(), "product_id": key, **told})
        return Reply({"data": row, "meta": {}})

    def _turn_mark(self, raw: Raw, book: Book, key: str) -> Reply:
        row = {**book.get("marks", key), **json.loads(raw.body)}
        return Reply({"data": book.keep("marks", row), "meta": {}})

    def _drop_mark(self, raw: Raw, book: Book, key: str) -> Reply:
        book.keep("marks", {**book.get("marks", key), "is_gone": True})
        return Reply(None, 204)

    def _stock(self, raw: Raw, book: Book) -> Reply:
        told = json.loads(raw.body)
        for each in told["items"]:
            book.move_stock(str(each["variant_id"]), each["quantity"], told["reason"])
        return Reply({"transaction_id": "t"})

    def _webhooks(self, raw: Raw, book: Book) -> Reply:
        return v3(raw, [shapes.hook(row) for row in book.webhooks()])

    def _subscribe(self, raw: Raw, book: Book) -> Reply:
        told = json.loads(raw.body)
        made = book.subscribe({"topic": told["scope"], "url": told["destination"]})
        return Reply({"data": shapes.hook(made), "meta": {}}, 201)

    def _switch(self, raw: Raw, book: Book, key: str) -> Reply:
        told = json.loads(raw.body)
        row = book.change_webhook(key, is_active=told["is_active"])
        return Reply({"data": shapes.hook(row), "meta": {}})

    def _unsubscribe(self, raw: Raw, book: Book, key: str) -> Reply:
        book.unsubscribe(key)
        return Reply({"data": {"id": int(key)}, "meta": {}})


def _line(wanted: Row, book: Book) -> Row:
    variant = book.get("variants", str(wanted["variant_id"]))
    return {
        "variant_id": variant["id"],
        "product_id": variant["product_id"],
        "title": variant["title"],
        "quantity": int(wanted["quantity"]),
        "price": minor(wanted["price_inc_tax"], "EUR"),
    }
