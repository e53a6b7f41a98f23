"""Mutations of returns."""

from collections.abc import Callable

from fakes.psp.refusals import Refusal
from fakes.shopify import plain, queries, returned
from fakes.shopify.ordering import reference_in
from fakes.shopify.plain import id_of
from fakes.shops.book import Book
from fakes.shops.figures import Row


def mutations(book: Book) -> dict[str, Callable[..., Row]]:
    return {
        "returnCreate": lambda **asked: _open(book, asked["returnInput"], "open"),
        "returnRequest": lambda **asked: _open(book, asked["input"], "requested"),
        "returnApproveRequest": lambda **asked: _turn(book, asked["input"], "requested", "open"),
        "returnDeclineRequest": lambda **asked: _turn(
            book, asked["input"], "requested", "declined"
        ),
        "returnProcess": lambda **asked: _process(book, asked["input"]),
        "returnClose": lambda **asked: _turn(book, asked, "open", "closed"),
        "reverseDeliveryCreateWithShipping": lambda **asked: _attach(book, asked),
    }


def _open(book: Book, given: Row, status: str) -> Row:
    order_id = id_of(given["orderId"])
    lines = []
    with book.lock:
        for each in given["returnLineItems"]:
            sent = id_of(each["fulfillmentLineItemId"])
            _assert_returnable(book, order_id, sent, each["quantity"])
            lines.append({
                "line_id": sent.partition("~")[2], "quantity": each["quantity"], "sent": sent,
                "note": each.get("returnReasonNote") or "",
                "customer_note": each.get("customerNote"),
            })  # fmt: skip
        note = "".join(f"{line['note']}{line['customer_note'] or ''}" for line in lines)
        facts = {"order_id": order_id, "lines": lines, "reference": reference_in(note)}
        row = book.open_return(facts, status)
    return {"return": returned.return_of(row, book)}


def _assert_returnable(book: Book, order_id: str, sent: str, quantity: int) -> None:
    fulfilment, _, line_id = sent.partition("~")
    went = sum(
        line["quantity"]
        for line in book.get("fulfilments", fulfilment)["lines"]
        if line["line_id"] == line_id
    )
    if quantity > went - queries.taken(book, order_id, sent):
        raise Refusal(422, "refused", "Return line item is not returnable", "invalid")


def _turn(book: Book, given: Row, before: str, after: str) -> Row:
    row = book.get("returns", id_of(given["id"]))
    if row["status"] not in (before, after):
        raise Refusal(422, "refused", f"Return is {row['status']}", "invalid_state")
    facts = {"decline_note": given["declineNote"]} if given.get("declineNote") else {}
    return {"return": returned.return_of(book.turn_return(row["id"], after, **facts), book)}


def _process(book: Book, given: Row) -> Row:
    """Books what came back; no money of ours goes this way."""
    row = book.get("returns", id_of(given["returnId"]))
    asked = {id_of(each["id"]): each["quantity"] for each in given["returnLineItems"]}
    lines = [
        {**line, "processed": line.get("processed", 0) + asked.get(f"{row['id']}~{at}", 0)}
        for at, line in enumerate(row["lines"])
    ]
    if given.get("financialTransfer") or any(
        each["processed"] > each["quantity"] for each in lines
    ):
        raise Refusal(422, "refused", "Quantity cannot be processed", "invalid")
    book.ground.faults.before("return")
    row = book.effect("processed", "returns", {**row, "lines": lines}, reference=row["reference"])
    return {"return": returned.return_of(row, book)}


def _attach(book: Book, asked: Row) -> Row:
    row = book.get("returns", id_of(asked["reverseFulfillmentOrderId"]))
    made = {
        "id": book.new_id(),
        "return_id": row["id"],
        "number": (asked.get("trackingInput") or {}).get("number"),
        "url": (asked.get("labelInput") or {}).get("fileUrl"),
    }
    book.effect("delivery", "deliveries", made)
    return {"reverseDelivery": {"id": plain.gid("ReverseDelivery", made["id"])}}
