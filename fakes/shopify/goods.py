"""Mutations of stock, gift cards and subscriptions."""

from collections.abc import Callable

from fakes.psp.refusals import Refusal
from fakes.shopify import plain, shelves
from fakes.shopify.keys import once
from fakes.shopify.oauth import SECRET
from fakes.shopify.ordering import reference_in
from fakes.shopify.plain import id_of
from fakes.shops.book import Book
from fakes.shops.figures import Row, minor


def mutations(book: Book) -> dict[str, Callable[..., Row]]:
    return {
        "inventoryAdjustQuantities": lambda **asked: _moved(
            once(book, "inventoryAdjustQuantities", asked, _moves(book))
        ),
        "giftCardCreate": lambda **asked: _give(book, asked["input"]),
        "giftCardDebit": lambda **asked: _debit(book, asked),
        "giftCardDeactivate": lambda **asked: _switch_off(book, asked),
        "webhookSubscriptionCreate": lambda **asked: _subscribe(book, asked),
        "webhookSubscriptionDelete": lambda **asked: _unsubscribe(book, asked),
    }


def _moves(book: Book) -> Callable[[Row], Row]:
    """Shopify lets the available quantity fall below nothing."""

    def work(asked: Row) -> Row:
        (change,) = asked["input"]["changes"]
        item = id_of(change["inventoryItemId"])
        variant = next(row for row in book.rows("variants") if row["inventory_id"] == item)
        book.ground.faults.before("stock")
        row = {
            "id": book.new_id(), "variant_id": variant["id"], "delta": change["delta"],
            "reference": asked["input"].get("referenceDocumentUri") or "",
        }  # fmt: skip
        book.effect("stock", "moves", row, reference=row["reference"])
        book.put_back(variant["id"], change["delta"])
        after = book.get("variants", variant["id"])["available"]
        return {"delta": change["delta"], "after": after}

    return work


def _moved(made: Row) -> Row:
    change = {"name": "available", "delta": made["delta"], "quantityAfterChange": made["after"]}
    return {"inventoryAdjustmentGroup": {"changes": [change]}}


def _give(book: Book, given: Row) -> Row:
    amount = given["initialAmount"]
    if any(row["code"] == given["code"] for row in book.rows("credits")):
        raise Refusal(422, "refused", "Code has already been taken", "taken")
    row = book.give_credit({
        "amount": minor(amount["amount"], amount["currencyCode"]),
        "currency": amount["currencyCode"], "code": given["code"],
        "note": given.get("note") or "", "reference": reference_in(given.get("note")),
        "customer_id": id_of(given.get("customerId") or ""), "expires": given.get("expiresOn"),
    })  # fmt: skip
    return {"giftCard": shelves.card_of(row)}


def _debit(book: Book, asked: Row) -> Row:
    row = book.get("credits", id_of(asked["id"]))
    given = asked["debitInput"]
    amount = minor(given["debitAmount"]["amount"], row["currency"])
    if amount > row["balance"]:
        raise Refusal(422, "refused", "Insufficient funds", "insufficient_funds")
    book.ground.faults.before("credit")
    debits = [*row.get("debits", []), given.get("note") or ""]
    row = {**row, "balance": row["balance"] - amount, "debits": debits}
    book.effect("debited", "credits", row)
    return {
        "giftCardDebitTransaction": {"id": plain.gid("GiftCardDebitTransaction", book.new_id())}
    }


def _switch_off(book: Book, asked: Row) -> Row:
    row = book.get("credits", id_of(asked["id"]))
    row = book.effect("void", "credits", {**row, "is_void": True})
    return {"giftCard": shelves.card_of(row)}


def _subscribe(book: Book, asked: Row) -> Row:
    url = asked["webhookSubscription"]["uri"]
    there = [row for row in book.webhooks() if (row["topic"], row["url"]) == (asked["topic"], url)]
    if there:
        raise Refusal(422, "refused", "Address for this topic has already been taken", "taken")
    row = book.subscribe({"topic": asked["topic"], "url": url, "secret": SECRET})
    return {"webhookSubscription": shelves.webhook_of(row)}


def _unsubscribe(book: Book, asked: Row) -> Row:
    book.unsubscribe(id_of(asked["id"]))
    return {"deletedWebhookSubscriptionId": asked["id"]}
