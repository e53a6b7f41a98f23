"""Bulk operations: a query that the shop works on by itself, and the file that comes of it.

The desk plans the next one with `bulk`: `polls` (how often it is still running), `end` and `error`
(FAILED, CANCELED, EXPIRED), `is_grouped` False (children after all parents), `broken` (lines cut
in half, by position), `kept` (so many lines are in the file), `has_ranges` False, `is_foreign`
(there already, of somebody else's making).
"""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from fakes.psp.refusals import Refusal
from fakes.shopify.bulk_rules import assert_bulk
from fakes.shopify.executing import ALL, Asked, Unfit, checked, execute
from fakes.shopify.plain import gid, id_of
from fakes.shops.book import Book
from fakes.shops.figures import Row, iso
from fakes.shops.vendor import Raw, Reply

DONE = "COMPLETED"
_RANGE = re.compile(r"bytes=(\d+)-(\d+)")

type Field = Callable[..., Any]


def plan(book: Book, facts: Row) -> Row:
    if facts.pop("is_foreign", False):
        row = _new(book, "{ products { edges { node { id } } } }", [], facts)
        return {"id": row["id"]}
    _table(book, "plans")["next"] = {"id": "next", **facts}
    return facts


def ends(book: Book) -> list[str]:
    return [row["end"] for row in book.rows("bulks")]


def queries(book: Book) -> dict[str, Field]:
    return {
        "bulkOperation": lambda **asked: _seen(book, id_of(asked["id"])),
        "bulkOperations": lambda **_: [_shown(row) for row in reversed(book.rows("bulks"))],
    }


def mutations(book: Book, roots: Callable[[], dict[str, Field]]) -> dict[str, Field]:
    return {
        "bulkOperationRunQuery": lambda **asked: _run(book, roots(), asked),
        "bulkOperationCancel": lambda **asked: _cancel(book, id_of(asked["id"])),
    }


def _run(book: Book, roots: dict[str, Field], asked: Row) -> Row:
    book.ground.faults.before("bulk")
    with book.lock:
        if any(row["polls"] > 0 for row in book.rows("bulks")):
            raise Refusal(409, "refused", "Another one is in progress", "in_progress")
        try:
            document = checked(asked["query"])
        except Unfit as error:
            raise Refusal(422, "refused", str(error), "invalid") from error
        assert_bulk(document)
        facts = _table(book, "plans").pop("next", {})
        found = execute(Asked(asked["query"], {}, ""), roots, ALL)
        grouped = asked["groupObjects"] and facts.get("is_grouped", True)
        row = _new(book, asked["query"], list(_lines(found, grouped=grouped)), facts)
    return {"bulkOperation": _shown(row)}


def _new(book: Book, query: str, lines: list[Row], facts: Row) -> Row:
    told = [json.dumps(line) for line in lines]
    for at in facts.get("broken", ()):
        told[at] = told[at][: len(told[at]) // 2]
    file = "".join(f"{line}\n" for line in told[: facts.get("kept", len(told))])
    row = {
        "id": book.new_id(), "query": query, "polls": facts.get("polls", 0),
        "end": facts.get("end", DONE), "error": facts.get("error"), "file": file.encode(),
        "orders": sum("__parentId" not in line for line in lines), "objects": len(lines),
        "at": book.now(), "has_ranges": facts.get("has_ranges", True), "host": "",
    }  # fmt: skip
    # Not written down: a file may be long.
    _table(book, "bulks")[row["id"]] = row
    return row


def _lines(found: Row, *, grouped: bool) -> Iterator[Row]:
    (connection,) = found.values()
    trees = [list(_tree(node, None)) for node in _nodes(connection)]
    if grouped:
        yield from (line for tree in trees for line in tree)
    else:
        yield from (tree[0] for tree in trees)
        yield from (line for tree in trees for line in tree[1:])


def _tree(node: Row, parent: str | None) -> Iterator[Row]:
    inner = {name: each for name, each in node.items() if _is_connection(each)}
    own = {name: each for name, each in node.items() if name not in inner}
    yield own if parent is None else {**own, "__parentId": parent}
    for connection in inner.values():
        for child in _nodes(connection):
            yield from _tree(child, node["id"])


def _is_connection(value: Any) -> bool:
    return isinstance(value, dict) and ("edges" in value or "nodes" in value)


def _nodes(connection: Row) -> list[Row]:
    if "edges" in connection:
        return [each["node"] for each in connection["edges"]]
    return list(connection["nodes"])


def _seen(book: Book, id: str) -> Row | None:  # noqa: A002
    """Each look brings it nearer to its end."""
    with book.lock:
        row = _table(book, "bulks").get(id)
        if row is None:
            return None
        shown = _shown(row)
        row["polls"] -= 1
        return shown


def _cancel(book: Book, id: str) -> Row:  # noqa: A002
    row = book.get("bulks", id)
    if row["polls"] <= 0:
        raise Refusal(422, "refused", "A bulk operation cannot be canceled when it is done")
    row.update(polls=0, end="CANCELED")
    return {"bulkOperation": _shown(row)}


def _shown(row: Row) -> Row:
    status = "RUNNING" if row["polls"] > 0 else row["end"]
    is_done = status == DONE and row["objects"] > 0
    address = f"{row['host']}/bulk/{row['id']}.jsonl?Signature=secret"
    return {
        "id": gid("BulkOperation", row["id"]),
        "query": row["query"],
        "status": status,
        "type": "QUERY",
        "errorCode": row["error"] if status == "FAILED" else None,
        "createdAt": iso(row["at"]),
        "url": address if is_done else None,
        "partialDataUrl": address if status == "FAILED" else None,
        "rootObjectCount": str(row["orders"]),
        "objectCount": str(row["objects"]),
        "fileSize": str(len(row["file"])),
    }


def at_host(book: Book, host: str) -> None:
    """Where files are fetched from, as whoever asks now sees it."""
    for row in book.rows("bulks"):
        row["host"] = host


def download(raw: Raw, book: Book) -> Reply:
    """Signed in its address: nobody needs a token."""
    if "x-shopify-access-token" in raw.headers or "Signature" not in raw.params:
        raise Refusal(403, "forbidden", "AccessDenied", "forbidden")
    row = book.get("bulks", raw.path.rpartition("/")[2].removesuffix(".jsonl"))
    wanted = _RANGE.fullmatch(raw.headers.get("range", ""))
    file: bytes = row["file"]
    if wanted is None or not row["has_ranges"]:
        return Reply(file, content_type="application/jsonl")
    first, last = (int(each) for each in wanted.groups())
    if first >= len(file):
        raise Refusal(416, "range", "Range not satisfiable", "range")
    part = file[first : last + 1]
    told = f"bytes {first}-{first + len(part) - 1}/{len(file)}"
    return Reply(part, 206, {"Content-Range": told}, "application/jsonl")


def _table(book: Book, name: str) -> dict[str, Row]:
    return book.tables.setdefault(name, {})
