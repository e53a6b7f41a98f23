"""v2's pages and v3's, and what a call asks for of a list."""

from typing import Any

from fakes.shops.figures import Row, minor
from fakes.shops.vendor import Raw, Reply


def v2(raw: Raw, rows: list[Row]) -> Reply:
    """An empty page is a 204 without a body."""
    found = page(raw, rows)
    return Reply(found) if found else Reply(None, 204)


def v3(raw: Raw, rows: list[Row]) -> Reply:
    pagination = {"total": len(rows), "current_page": int(raw.params.get("page", 1))}
    return Reply({"data": page(raw, rows), "meta": {"pagination": pagination}})


def page(raw: Raw, rows: list[Row]) -> list[Row]:
    size, at = int(raw.params.get("limit", 50)), int(raw.params.get("page", 1))
    return rows[(at - 1) * size : at * size]


def among(raw: Raw, rows: list[Row], name: str) -> list[Row]:
    wanted = raw.params.get("id:in")
    return rows if wanted is None else [row for row in rows if row[name] in wanted.split(",")]


def asked(item: Row, order: Row, number: Any) -> int:
    """What one item of a refund comes to, in minor units."""
    if item["item_type"] != "PRODUCT":
        return minor(item["amount"], order["currency"])
    line = next(each for each in order["lines"] if number(each["id"]) == item["item_id"])
    return int(line["total"]) * int(item["quantity"]) // int(line["quantity"])
