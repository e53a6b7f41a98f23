"""Magento's own routes and errors."""

import json
import re
from collections.abc import Callable
from typing import Any, ClassVar, override
from urllib.parse import unquote

from fakes.magento import memos, shapes
from fakes.magento.auth import Gate
from fakes.magento.criteria import searched
from fakes.psp.refusals import Refusal
from fakes.shops.book import Book
from fakes.shops.figures import Row, minor
from fakes.shops.vendor import Hook, Raw, Reply, Vendor

ROOT = re.compile(r"/rest(?:/\w+)?/V1/(.+)")
ROUTES = (
    ("GET", r"store/storeViews", "views"),
    ("GET", r"store/storeConfigs", "configs"),
    ("GET", r"orders", "orders"),
    ("GET", r"orders/(\d+)", "order"),
    ("POST", r"orders/(\d+)/cancel", "cancel"),
    ("POST", r"orders/(\d+)/comments", "comment"),
    ("GET", r"invoices", "invoices"),
    ("POST", r"invoice/(\d+)/refund", "refund"),
    ("POST", r"order/(\d+)/refund", "book_only"),
    ("GET", r"creditmemos", "memos"),
    ("GET", r"creditmemo/(\d+)", "memo"),
    ("GET", r"creditmemo/(\d+)/comments", "memo_comments"),
    ("GET", r"shipments", "shipments"),
    ("GET", r"products", "products"),
    ("GET", r"configurable-products/conf-(\w+)/children", "children"),
    ("GET", r"stockItems/([^/]+)", "stock_item"),
    ("PUT", r"products/([^/]+)/stockItems/7", "set_stock_item"),
    ("GET", r"inventory/source-items", "sources"),
    ("POST", r"inventory/source-items", "set_sources"),
    ("GET", r"customerGroups/search", "groups"),
    ("GET", r"salesRules/search", "rules"),
    ("POST", r"salesRules", "new_rule"),
    ("GET", r"salesRules/(\d+)", "rule"),
    ("DELETE", r"salesRules/(\d+)", "drop_rule"),
    ("GET", r"coupons/search", "coupons"),
    ("POST", r"coupons", "new_coupon"),
    ("GET", r"coupons/(\d+)", "coupon"),
)
MISSING = "The entity that was requested doesn't exist. Verify the entity and try again."


class Magento(Vendor):
    NEEDED: ClassVar[frozenset[str]] = frozenset({"base_currency_code", "entity_id", "items"})

    def __init__(self) -> None:
        self.gate = Gate()
        self.has_sources = True
        self.most = 300

    @override
    def shop_of(self, raw: Raw, book_of: Callable[[str], Book]) -> str:
        self.gate.check(raw)
        return "main"

    @override
    def operation(self, raw: Raw) -> str:
        return _route(raw)[0]

    @override
    def answer(self, raw: Raw, book: Book) -> Reply:
        name, found = _route(raw)
        if not name or ("sources" in name and not self.has_sources):
            raise Refusal(404, "no_route", "Request does not match any route.", "no_route")
        told = getattr(self, f"_{name}")(raw, book, *map(unquote, found))
        return Reply(told)

    @override
    def refused(self, refusal: Refusal, raw: Raw) -> Reply:
        if refusal.type == "rate_limit":
            return Reply({"message": "Too Many Requests"}, 429)
        if refusal.type == "outage":
            words = "Internal Error. Details are available in Magento log file. Report ID: webapi"
            return Reply({"message": words}, refusal.status)
        if refusal.type == "unauthorized":
            words = "The consumer isn't authorized to access %resources."
            return Reply({"message": words, "parameters": {"resources": "Magento_Sales"}}, 401)
        if refusal.status == 404:
            words = refusal.message if refusal.type == "no_route" else MISSING
            return Reply({"message": words}, 404)
        return Reply({"message": refusal.message, "parameters": ["TEE-M"]}, 400)

    @override
    def hooks(self, topic: str, row: Row, book: Book) -> list[Hook]:
        return []

    @override
    def signed(self, hook: Hook, subscription: Row, at: float) -> dict[str, str]:
        return {}

    @override
    def control(self, book: Book, asked: Row) -> Any:
        """`bearer` (`on`): tokens alone open the shop; `sources` (`on`): MSI is there; `most`:
        the longest page that the shop allows."""
        match asked.get("step"):
            case "bearer":
                self.gate.allows_bearer = bool(asked["on"])
            case "sources":
                self.has_sources = bool(asked["on"])
            case _:
                raise KeyError(asked.get("step"))

    def _listed(self, raw: Raw, rows: list[Row]) -> Row:
        return searched(rows, raw.params, self.most)

    def _views(self, raw: Raw, book: Book) -> list[Row]:
        return [
            {"id": 0, "code": "admin", "name": "Admin", "website_id": 0},
            {"id": shapes.STORE, "code": "default", "name": "Tees of Bilbao", "website_id": 1},
            {"id": 2, "code": "fr", "name": "Tees de Bilbao", "website_id": 1},
        ]

    def _configs(self, raw: Raw, book: Book) -> list[Row]:
        return [
            {**each, "base_currency_code": "EUR", "timezone": "Europe/Madrid"}
            for each in self._views(raw, book)
        ]

    def _orders(self, raw: Raw, book: Book) -> Row:
        return self._listed(raw, [shapes.order(row, book) for row in book.rows("orders")])

    def _order(self, raw: Raw, book: Book, key: str) -> Row:
        return shapes.order(book.get("orders", key), book)

    def _cancel(self, raw: Raw, book: Book, key: str) -> bool:
        """False for what is invoiced; Magento says no more."""
        if book.captured(key) or book.get("orders", key)["cancelled"]:
            return False
        return book.cancel(key)["cancelled"] is not None

    def _comment(self, raw: Raw, book: Book, key: str) -> bool:
        asked = json.loads(raw.body)["statusHistory"]
        if {"parent_id", "is_customer_notified", "is_visible_on_front"} - set(asked):
            raise Refusal(400, "refused", '"%1" is required. Enter and try again.', "refused")
        book.note(key, asked["comment"])
        return True

    def _all_invoices(self, book: Book) -> list[Row]:
        return [each for row in book.rows("orders") for each in shapes.invoices(row, book)]

    def _invoices(self, raw: Raw, book: Book) -> Row:
        return self._listed(raw, self._all_invoices(book))

    def _refund(self, raw: Raw, book: Book, key: str) -> int:
        """The gateway's no comes as an error in the books, and leaves none there."""
        found = next((each for each in self._all_invoices(book) if str(each["entity_id"]) == key),
                     None)  # fmt: skip
        if found is None:
            raise Refusal(404, "not_found", MISSING, "not_found")
        asked = json.loads(raw.body)
        order = book.get("orders", str(found["order_id"]))
        if asked.get("isOnline") is True and not found["transaction_id"]:
            message = "Could not save a Creditmemo, see error log for details"
            raise Refusal(400, "refused", message, "refused")
        made = memos.make(book, order, asked, found["payment_id"])
        if made["status"] == "failed":
            book.keep("refunds", {**made, "rolled_back": True})
            message = "Could not save a Creditmemo, see error log for details"
            raise Refusal(400, "refused", message, "refused")
        return int(made["id"])

    def _book_only(self, raw: Raw, book: Book, key: str) -> int:
        return int(memos.make(book, book.get("orders", key), json.loads(raw.body), "")["id"])

    def _memos(self, raw: Raw, book: Book) -> Row:
        rows = [row for order in book.rows("orders") for row in memos.visible(book, order["id"])]
        return self._listed(raw, [shapes.memo(row) for row in rows])

    def _memo(self, raw: Raw, book: Book, key: str) -> Row:
        return shapes.memo(book.get("refunds", key))

    def _memo_comments(self, raw: Raw, book: Book, key: str) -> Row:
        return shapes.comments(book.get("refunds", key))

    def _shipments(self, raw: Raw, book: Book) -> Row:
        return self._listed(raw, [shapes.shipment(row) for row in book.rows("fulfilments")])

    def _products(self, raw: Raw, book: Book) -> Row:
        rows = book.rows("variants")
        whole = [shapes.configurable(each) for each in {row["product_id"] for row in rows}]
        return self._listed(raw, [*whole, *map(shapes.product, rows)])

    def _children(self, raw: Raw, book: Book, key: str) -> list[Row]:
        return [shapes.product(row) for row in book.rows("variants", product_id=key)]

    def _stock_item(self, raw: Raw, book: Book, key: str) -> Row:
        return shapes.stock_item(book.get("variants", key))

    def _set_stock_item(self, raw: Raw, book: Book, key: str) -> int:
        book.set_stock(key, int(json.loads(raw.body)["stockItem"]["qty"]))
        return 7

    def _sources(self, raw: Raw, book: Book) -> Row:
        return self._listed(raw, [shapes.source(row) for row in book.rows("variants")])

    def _set_sources(self, raw: Raw, book: Book) -> list[Row]:
        for each in json.loads(raw.body)["sourceItems"]:
            book.set_stock(each["sku"], int(each["quantity"]))
        return []

    def _groups(self, raw: Raw, book: Book) -> Row:
        rows = [{"id": 0, "customer_group_id": 0}, {"id": 1, "customer_group_id": 1}]
        return self._listed(raw, rows)

    def _rules(self, raw: Raw, book: Book) -> Row:
        return self._listed(raw, book.rows("rules"))

    def _new_rule(self, raw: Raw, book: Book) -> Row:
        asked = json.loads(raw.body)["rule"]
        id_ = book.new_id()
        return book.keep("rules", {**asked, "id": id_, "rule_id": int(id_)})

    def _rule(self, raw: Raw, book: Book, key: str) -> Row:
        return book.get("rules", key)

    def _drop_rule(self, raw: Raw, book: Book, key: str) -> bool:
        """Its coupon goes with it."""
        for row in book.rows("credits", rule_id=int(key)):
            book.void_credit(row["id"])
        return True

    def _coupons(self, raw: Raw, book: Book) -> Row:
        rows = book.rows("credits", is_void=False)
        return self._listed(raw, [shapes.coupon(row, row["rule_id"]) for row in rows])

    def _new_coupon(self, raw: Raw, book: Book) -> Row:
        asked = json.loads(raw.body)["coupon"]
        rule = book.get("rules", str(asked["rule_id"]))
        made = book.give_credit({
            "amount": minor(rule["discount_amount"], "EUR"), "currency": "EUR",
            "code": asked["code"], "email": rule["description"], "reference": rule["name"],
            "rule_id": rule["rule_id"],
        })  # fmt: skip
        return shapes.coupon(made, rule["rule_id"])

    def _coupon(self, raw: Raw, book: Book, key: str) -> Row:
        row = book.get("credits", key)
        if row["is_void"]:
            raise Refusal(404, "not_found", MISSING, "not_found")
        return shapes.coupon(row, row["rule_id"])


def _route(raw: Raw) -> tuple[str, tuple[str, ...]]:
    path = ROOT.fullmatch(raw.path)
    for method, pattern, name in ROUTES:
        found = re.fullmatch(pattern, path[1]) if path else None
        if found and method == raw.method:
            return name, found.groups()
    return "", ()
