"""Salesforce's own ways: a token of Account Manager for half an hour, problems of RFC 7807."""

import json
import re
from collections.abc import Callable
from typing import Any, ClassVar, override
from urllib.parse import parse_qs, parse_qsl

from fakes.psp.refusals import Refusal
from fakes.sfcc import shapes
from fakes.shops.book import Book
from fakes.shops.figures import Row, seconds
from fakes.shops.vendor import Hook, Raw, Reply, Vendor

CLIENT, SECRET = "aaaaaaaa-1111-4111-8111-aaaaaaaaaaaa", "correcthorse"
ORGANIZATION, SITE = "f_ecom_zzte_053", "RefArch"
SCOPE = {"SALESFORCE_COMMERCE_API:zzte_053", "sfcc.orders.rw"}
TOKENS = "/dwsso/oauth2/access_token"
LASTS = 1_799
ORDERS = f"/checkout/orders/v1/organizations/{ORGANIZATION}/orders"
PATH = re.compile(rf"{ORDERS}/([^/]+)(/status)?")
ERRORS = "https://api.commercecloud.salesforce.com/documentation/error/v1/errors"


class Sfcc(Vendor):
    NEEDED: ClassVar[frozenset[str]] = frozenset({"access_token", "currency", "data", "orderNo"})

    @override
    def shop_of(self, raw: Raw, book_of: Callable[[str], Book]) -> str:
        if raw.path != TOKENS:
            scheme, _, token = raw.headers.get("authorization", "").partition(" ")
            book = book_of("main")
            known = book.rows("tokens", token=token)
            if scheme != "Bearer" or not known or known[0]["until"] < book.now():
                raise Refusal(401, "unauthorized", "Invalid token", "unauthorized")
        return "main"

    @override
    def operation(self, raw: Raw) -> str:
        """`token`, or `GET orders`."""
        return "token" if raw.path == TOKENS else f"{raw.method} orders"

    @override
    def answer(self, raw: Raw, book: Book) -> Reply:
        if raw.path == TOKENS:
            return self._token(raw, book)
        if raw.params.get("siteId") != SITE:
            raise Refusal(404, "refused", "No such site", "site-not-found")
        if raw.path == ORDERS:
            return self._list(raw, book)
        found = PATH.fullmatch(raw.path)
        if found is None:
            raise Refusal(404, "refused", "No such resource", "resource-not-found")
        return self._one(raw, book, found[1], found[2] or "")

    def _one(self, raw: Raw, book: Book, number: str, part: str) -> Reply:
        body = json.loads(raw.body or b"{}")
        if (raw.method, part) == ("GET", ""):
            return Reply(shapes.order(book.get("orders", number), book))
        if (raw.method, part) == ("PATCH", ""):
            return Reply(self._noted(book, number, body))
        if (raw.method, part, body) == ("PUT", "/status", {"status": "cancelled"}):
            book.cancel(number)
            return Reply(b"", 204)
        raise Refusal(400, "refused", "Bad request", "invalid-request")

    @override
    def refused(self, refusal: Refusal, raw: Raw) -> Reply:
        if raw.path == TOKENS and refusal.status < 500:
            told = {"error": "invalid_client", "error_description": refusal.message}
            return Reply(told, refusal.status)
        kind = "order-not-found" if refusal.code == "not_found" else refusal.code or refusal.type
        told = {"title": kind.replace("-", " ").title(), "type": f"{ERRORS}/{kind}",
                "detail": refusal.message}  # fmt: skip
        return Reply(told, 400 if refusal.status == 422 else refusal.status, {},
                     "application/problem+json")  # fmt: skip

    @override
    def hooks(self, topic: str, row: Row, book: Book) -> list[Hook]:
        return []

    @override
    def signed(self, hook: Hook, subscription: Row, at: float) -> dict[str, str]:
        return {}

    @override
    def control(self, book: Book, asked: Row) -> Any:
        """`{"step": "expire"}`: every token dies before its time."""
        if asked["step"] != "expire":
            return super().control(book, asked)
        return [book.keep("tokens", {**row, "until": 0}) for row in book.rows("tokens")]

    def _token(self, raw: Raw, book: Book) -> Reply:
        asked = dict(parse_qsl(raw.body.decode()))
        known = (asked.get("client_id"), asked.get("client_secret")) == (CLIENT, SECRET)
        if not known or asked.get("grant_type") != "client_credentials":
            raise Refusal(401, "refused", "Client authentication failed", "invalid_client")
        if set(asked.get("scope", "").split()) != SCOPE:
            raise Refusal(400, "refused", "Unknown scope", "invalid_scope")
        number = book.new_id()
        book.keep("tokens", {"id": number, "token": f"jwt-{number}", "until": book.now() + LASTS})
        return Reply({"access_token": f"jwt-{number}", "scope": asked["scope"],
                      "token_type": "Bearer", "expires_in": LASTS})  # fmt: skip

    def _list(self, raw: Raw, book: Book) -> Reply:
        asked = {name: values[-1] for name, values in parse_qs(raw.query).items()}
        since = seconds(asked["lastModifiedDateFrom"]) if "lastModifiedDateFrom" in asked else 0
        rows = [row for row in book.rows("orders") if row["updated"] >= since]
        rows.sort(key=lambda row: float(row["updated"]))
        start, size = int(asked.get("offset", 0)), int(asked.get("limit", 25))
        found = [shapes.order(row, book) for row in rows[start : start + size]]
        return Reply({"limit": size, "offset": start, "total": len(rows), "data": found})

    def _noted(self, book: Book, order_id: str, body: Row) -> Row:
        if set(body) != {"c_reveniNotes"}:
            raise Refusal(400, "refused", "No such attribute", "unknown-property")
        before = shapes.notes(book.get("orders", order_id))
        news = body["c_reveniNotes"].removeprefix(before).strip()
        return shapes.order(book.note(order_id, news), book)
