"""Bulk operations: the orders of a query as lines of JSON, once they are done."""

import json

from fakes.psp.refusals import Refusal
from fakes.shopify import queries
from fakes.shopify.executing import Asked, execute
from fakes.shops.book import Book
from fakes.shops.figures import Row
from fakes.shops.vendor import Raw, Reply

CONNECTIONS = ("lineItems", "fulfillmentLineItems", "shippingLines")


def turn(book: Book, status: str) -> list[Row]:
    """RUNNING, COMPLETED, FAILED or EXPIRED, of every export that is there."""
    return [book.keep("exports", {**each, "status": status}) for each in book.rows("exports")]


def download(book: Book, path: str, raw: Raw) -> Reply:
    """Bytes from where `Range` says, as a store of objects serves them."""
    row = book.get("exports", path.rpartition("/")[2].removesuffix(".jsonl"))
    body = b"".join(lines(book, row))
    start, end = _range(raw.headers.get("range", ""), len(body))
    if start >= len(body):
        raise Refusal(416, "refused", "Range Not Satisfiable", "range")
    headers = {"Content-Range": f"bytes {start}-{end - 1}/{len(body)}"}
    return Reply(body[start:end].decode(), 206, headers, "application/jsonl")


def _range(header: str, length: int) -> tuple[int, int]:
    if not header.startswith("bytes="):
        return 0, length
    start, _, end = header.removeprefix("bytes=").partition("-")
    return int(start), min(int(end) + 1, length) if end else length


def lines(book: Book, export: Row) -> list[bytes]:
    """An order, then what its connections hold, each with the id of its parent."""
    data = execute(Asked(export["query"], {}, ""), queries.roots(book, "", ""))
    found: list[Row] = []
    for edge in data["orders"]["edges"]:
        _flatten(edge["node"], None, found)
    return [json.dumps(each).encode() + b"\n" for each in found]


def _flatten(node: Row, parent: str | None, found: list[Row]) -> None:
    own = {name: value for name, value in node.items() if name not in CONNECTIONS}
    found.append({**own, "__parentId": parent} if parent else own)
    for name in CONNECTIONS:
        for edge in (node.get(name) or {}).get("edges", ()):
            _flatten(edge["node"], node["id"], found)
