"""The shop on the wire: `/{domain}/...` stands for the host that Shopify gives each shop."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any, ClassVar, override
from uuid import uuid4

from fakes.psp.refusals import Refusal
from fakes.shopify import bulk, mutations, oauth, points, queries, rest
from fakes.shopify.executing import Asked, Unfit, checked, execute
from fakes.shopify.schema import VERSION
from fakes.shops.book import Book
from fakes.shops.figures import Row, iso
from fakes.shops.vendor import Hook, Raw, Reply, Vendor

HOST = ".myshopify.com"


class Shopify(Vendor):
    NEEDED: ClassVar[frozenset[str]] = frozenset(
        {"shopMoney", "legacyResourceId", "id", "nodes", "amount"}
    )

    @override
    def shop_of(self, raw: Raw, book_of: Callable[[str], Book]) -> str:
        domain = raw.path.split("/")[1]
        shop = domain.removesuffix(HOST)
        if raw.path.endswith("/graphql.json"):
            oauth.assert_token(book_of(shop), raw.headers.get("x-shopify-access-token", ""))
        return shop

    @override
    def operation(self, raw: Raw) -> str:
        if raw.path.endswith(".jsonl"):
            return "file"
        if not raw.path.endswith("/graphql.json"):
            return raw.path.rpartition("/")[2]
        try:
            return str(json.loads(raw.body).get("operationName"))
        except ValueError:
            return ""

    @override
    def answer(self, raw: Raw, book: Book) -> Reply:
        domain = raw.path.split("/")[1]
        rest_of_path = raw.path.removeprefix(f"/{domain}")
        if rest_of_path == "/admin/oauth/authorize":
            return oauth.authorize(book, domain, raw)
        if rest_of_path == "/admin/oauth/access_token":
            return oauth.access_token(book, raw)
        if rest_of_path.startswith("/bulk/"):
            return bulk.download(raw, book)
        if rest_of_path != f"/admin/api/{VERSION}/graphql.json":
            raise Refusal(404, "not_found", "Not Found", "not_found")
        bulk.at_host(book, f"http://{raw.headers['host']}/{domain}")
        return self._graphql(json.loads(raw.body), book, domain)

    def _graphql(self, body: Row, book: Book, domain: str) -> Reply:
        asked = Asked(body["query"], body.get("variables") or {}, body.get("operationName") or "")
        pages = next(iter(book.rows("pages")), {})
        served = next(iter(book.rows("versions")), {"served": VERSION})["served"]
        headers = {"X-Shopify-API-Version": served}
        try:
            cost = points.spend(book, points.cost_of(checked(asked.text), asked.variables))
            root = {**queries.roots(book, domain), **mutations.roots(book, domain)}
            data = execute(asked, root, pages.get("size", 250))
        except points.Throttled as throttled:
            return Reply(
                {**_errors("Throttled", "THROTTLED"), **_costs(throttled.cost)}, 200, headers
            )
        except points.TooCostly as error:
            return Reply(_errors(str(error), "MAX_COST_EXCEEDED"), 200, headers)
        except Unfit as error:
            return Reply(
                {"errors": [{"message": each.message} for each in error.errors]}, 200, headers
            )
        return Reply({"data": data, **_costs(cost)}, 200, headers)

    @override
    def refused(self, refusal: Refusal, raw: Raw) -> Reply:
        return Reply({"errors": refusal.message, "error": refusal.code}, refusal.status)

    @override
    def hooks(self, topic: str, row: Row, book: Book) -> list[Hook]:
        domain = f"{book.shop}{HOST}"
        return [
            Hook(name, json.dumps(body).encode(), str(uuid4()), _headers(name, domain, book))
            for name, body in rest.messages(topic, row, book, domain)
        ]

    @override
    def signed(self, hook: Hook, subscription: Row, at: float) -> dict[str, str]:
        return {
            "X-Shopify-Hmac-Sha256": digest(hook.body, subscription["secret"]),
            "X-Shopify-Webhook-Id": hook.id,
            "X-Shopify-Event-Id": hook.id,
            "X-Shopify-Triggered-At": iso(at),
        }

    @override
    def control(self, book: Book, asked: Row) -> Any:
        """`points` sets the bucket (level, rate, most), `uninstall` kills every token, `expire` the
        tokens of OAuth, `version` is the one that it serves, `page` the most nodes of one (size),
        `scope` those that the app was granted (granted), `bulk` plans the next operation in bulk,
        `bulks` tells how each of them ends.
        """
        step = asked["step"]
        facts = {name: value for name, value in asked.items() if name not in ("step", "shop")}
        if step == "points":
            return points.set_points(book, facts)
        if step == "bulk":
            return bulk.plan(book, facts)
        if step == "bulks":
            return bulk.ends(book)
        if step in ("uninstall", "version", "page", "scope"):
            return book.keep(f"{step}s", {"id": "app", **facts})
        if step == "expire":
            return [book.keep("tokens", {**each, "until": 0}) for each in book.rows("tokens")]
        raise KeyError(step)


def _headers(topic: str, domain: str, book: Book) -> dict[str, str]:
    noun, _, happened = topic.lower().rpartition("_")
    return {
        "X-Shopify-Topic": f"{noun}/{happened}",
        "X-Shopify-Shop-Domain": domain,
        "X-Shopify-API-Version": VERSION,
    }


def digest(body: bytes, secret: str) -> str:
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def _errors(message: str, code: str) -> Row:
    return {"errors": [{"message": message, "extensions": {"code": code}}]}


def _costs(cost: Row) -> Row:
    return {"extensions": {"cost": cost}}
