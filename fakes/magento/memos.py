"""Credit memos: what units are worth, what may be adjusted, and what is refused."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from fakes.psp.refusals import Refusal
from fakes.shops.book import Book
from fakes.shops.figures import Row, minor

PARTS = ("row", "discount", "tax")


class Rounding:
    """One for each memo: what was cut is carried to the next figure."""

    def __init__(self) -> None:
        self.left = Decimal(0)

    def round(self, exact: Decimal, sign: int) -> int:
        if not exact:
            return 0
        exact += sign * self.left
        whole = exact.quantize(Decimal(1), ROUND_HALF_UP)
        self.left = sign * (exact - whole)
        return int(whole)


def parts_of(line: Row, order: Row) -> dict[str, int]:
    """Magento keeps the row without tax and without its discount."""
    gross = line["total"] if order["tax_included"] else line["total"] + line["tax"]
    off = line["quantity"] * line["price"] - line["total"]
    return {"row": gross - line["tax"] + off, "discount": off, "tax": line["tax"]}


def gone(book: Book, order: Row) -> dict[str, dict[str, int]]:
    """What memos took of each line already."""
    taken: dict[str, dict[str, int]] = {}
    for memo in visible(book, order["id"]):
        for line, items in memo.get("items", {}).items() if memo["status"] != "failed" else ():
            known = taken.setdefault(line, dict.fromkeys(("qty", *PARTS), 0))
            taken[line] = {name: known[name] + items[name] for name in known}
    return taken


def visible(book: Book, order_id: str) -> list[Row]:
    """What the gateway refused at once was rolled back."""
    return [row for row in book.rows("refunds", order_id=order_id) if not row.get("rolled_back")]


def make(book: Book, order: Row, asked: Row, payment_id: str) -> Row:
    """A refund of the book, with the memo's items in it. Raises Refusal."""
    items = _items(book, order, asked)
    given = asked.get("arguments", {})
    currency = order["currency"]
    shipping = given.get("shipping_amount")
    open_shipping = _shipping_left(book, order)
    sent = open_shipping if shipping is None else minor(shipping, currency)
    if sent > open_shipping:
        raise Refusal(400, "refused", "Maximum shipping amount allowed to refund is: %1", "refused")
    goods = sum(each["row"] - each["discount"] + each["tax"] for each in items.values())
    more, less = (minor(given.get(f"adjustment_{sign}", 0), currency)
                  for sign in ("positive", "negative"))  # fmt: skip
    total = goods + sent + more - less
    _check(items, total, open_shipping)
    back = given.get("extension_attributes", {}).get("return_to_stock_items", [])
    lines = [{"line_id": line, "quantity": each["qty"]} for line, each in items.items()
             if each["qty"]]  # fmt: skip
    return book.refund({
        "order_id": order["id"], "payment_id": payment_id, "amount": total, "lines": lines,
        "reference": asked.get("comment", {}).get("comment", ""), "shipping": sent,
        "items": items, "restock": bool(back), "is_online": asked.get("isOnline", False),
    })  # fmt: skip


def _items(book: Book, order: Row, asked: Row) -> dict[str, dict[str, int]]:
    """Without any, everything that is left."""
    wanted = {str(each["order_item_id"]): int(each["qty"]) for each in asked.get("items", [])}
    taken, carried = gone(book, order), Rounding()
    found: dict[str, dict[str, Any]] = {}
    for line in order["lines"]:
        before = taken.get(line["id"], {})
        left = line["quantity"] - before.get("qty", 0)
        quantity = wanted.get(line["id"], 0) if wanted else left
        if quantity > left:
            message = "The quantity to creditmemo must not be greater than the unrefunded quantity"
            raise Refusal(400, "refused", f"{message} for product SKU %1.", "refused")
        if left:
            found[line["id"]] = {"qty": quantity}
    for name in PARTS:
        for line in (each for each in order["lines"] if each["id"] in found):
            before = taken.get(line["id"], {})
            rest = parts_of(line, order)[name] - before.get(name, 0)
            units, left = found[line["id"]]["qty"], line["quantity"] - before.get("qty", 0)
            share = Decimal(rest) / left * units
            sign = -1 if name == "discount" else 1
            found[line["id"]][name] = rest if units == left else carried.round(share, sign)
    return found


def _shipping_left(book: Book, order: Row) -> int:
    sent = sum(each["total"] for each in order["shipping"])
    return int(sent - sum(each["shipping"] for each in visible(book, order["id"])))


def _check(items: dict[str, dict[str, int]], total: int, shipping: int) -> None:
    if total <= 0:
        raise Refusal(400, "refused", "The credit memo's total must be positive.", "refused")
    if not any(each["qty"] for each in items.values()) and not shipping:
        message = "You can't create a creditmemo without products."
        raise Refusal(400, "refused", message, "refused")
