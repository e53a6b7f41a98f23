"""Store credit of customers, and the metafields that an app keeps with them.

Who has ordered is a customer; what the account was given stands among the book's credits.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any

from fakes.psp.refusals import Refusal
from fakes.shopify.plain import gid, id_of, money
from fakes.shops.book import Book
from fakes.shops.figures import Row, iso, minor

NEEDED = {"read_store_credit_accounts", "write_store_credit_account_transactions"}
CREDIT, DEBIT = "StoreCreditAccountCreditTransaction", "StoreCreditAccountDebitTransaction"
LAST = "9999"


def scopes(book: Book) -> list[str]:
    return list(next(iter(book.rows("scopes")), {"granted": ["write_orders"]})["granted"])


def queries(book: Book) -> dict[str, Callable[..., Any]]:
    return {
        "customer": lambda id: customer_of(book, id_of(id)),  # noqa: A006
        "storeCreditAccount": lambda id: account_of(book, id_of(id)),  # noqa: A006
        "node": lambda id: _node(book, id),  # noqa: A006
    }


def mutations(book: Book) -> dict[str, Callable[..., Row]]:
    return {
        "metafieldsSet": lambda metafields: _set(book, metafields[0]),
        "storeCreditAccountCredit": lambda **asked: _credit(book, asked),
        "storeCreditAccountDebit": lambda **asked: _debit(book, asked),
    }


def customer_of(book: Book, customer: str) -> Row | None:
    if not book.rows("orders", customer_id=customer):
        return None
    return {
        "__typename": "Customer",
        "id": gid("Customer", customer),
        "metafield": lambda namespace, key: _metafield(book, customer, namespace, key),
        "storeCreditAccounts": lambda query="", **_: _accounts(book, customer, query),
    }


def _metafield(book: Book, customer: str, namespace: str, key: str) -> Row | None:
    name = f"{customer}/{namespace}/{key}"
    return next((each for each in book.rows("metafields") if each["id"] == name), None)


def _set(book: Book, asked: Row) -> Row:
    """A digest of null stands for a field that is not there; without a digest anything goes."""
    with book.lock:
        customer = id_of(asked["ownerId"])
        now = _metafield(book, customer, asked["namespace"], asked["key"])
        if "compareDigest" in asked and asked["compareDigest"] != (now or {}).get("compareDigest"):
            raise Refusal(422, "refused", "It was modified since", "stale")
        row = {
            "id": f"{customer}/{asked['namespace']}/{asked['key']}",
            "value": asked["value"],
            "compareDigest": hashlib.sha256(asked["value"].encode()).hexdigest(),
        }
        return {"metafields": [book.keep("metafields", row)]}


def _assert_granted(book: Book) -> None:
    if not set(scopes(book)) >= NEEDED:
        raise Refusal(403, "forbidden", "Access denied", "forbidden")


def _accounts(book: Book, customer: str, query: str) -> list[Row]:
    _assert_granted(book)
    wanted = query.partition(":")[2]
    found = {row["account"] for row in _entries(book) if row["account"].startswith(f"{customer}~")}
    return [_account(book, each) for each in sorted(found) if each.endswith(wanted)]


def account_of(book: Book, account: str) -> Row | None:
    _assert_granted(book)
    there = any(row["account"] == account for row in _entries(book))
    return _account(book, account) if there else None


def _account(book: Book, account: str) -> Row:
    customer, _, currency = account.partition("~")
    given = [row for row in book.rows("credits") if row.get("account") == account]
    return {
        "id": gid("StoreCreditAccount", account),
        "balance": money(sum(row["balance"] for row in given), currency),
        "owner": lambda: customer_of(book, customer),
        "transactions": lambda query="", **_: [
            _entry(book, row)
            for row in _entries(book)
            if row["account"] == account and int(row["id"]) > int(query.partition(">")[2] or 0)
        ],
    }


def _entries(book: Book) -> list[Row]:
    rows = [row for row in book.rows("credits") if row.get("account")] + book.rows("debits")
    return sorted(rows, key=lambda row: int(row["id"]))


def _entry(book: Book, row: Row) -> Row:
    kind = CREDIT if "balance" in row else DEBIT
    shape = {
        "__typename": kind,
        "id": gid(kind, row["id"]),
        "event": row["event"],
        "amount": money(row["amount"], row["currency"]),
        "account": lambda: _account(book, row["account"]),
    }
    if kind == DEBIT:
        return shape
    left = money(row["balance"], row["currency"])
    return {**shape, "expiresAt": row["expires"], "remainingAmount": left}


def _node(book: Book, name: str) -> Row | None:
    _assert_granted(book)
    found = (row for row in _entries(book) if row["id"] == id_of(name))
    return next((_entry(book, row) for row in found), None)


def _credit(book: Book, asked: Row) -> Row:
    _assert_granted(book)
    given = asked["creditInput"]
    currency, expires = given["creditAmount"]["currencyCode"], given.get("expiresAt")
    if expires and datetime.fromisoformat(expires).timestamp() < book.ground.clock.now():
        raise Refusal(422, "refused", "The expiry date must be in the future", "expired")
    customer, _, _ = id_of(asked["id"]).partition("~")
    row = book.give_credit({
        "amount": minor(given["creditAmount"]["amount"], currency), "currency": currency,
        "customer_id": customer, "account": f"{customer}~{currency}", "event": "ADJUSTMENT",
        "expires": expires and iso(datetime.fromisoformat(expires).timestamp()), "note": "",
    })  # fmt: skip
    return {"storeCreditAccountTransaction": _entry(book, row)}


def _debit(book: Book, asked: Row) -> Row:
    """From what expires first."""
    _assert_granted(book)
    account, wanted = id_of(asked["id"]), asked["debitInput"]["debitAmount"]
    currency = wanted["currencyCode"]
    left = amount = minor(wanted["amount"], currency)
    with book.lock:
        given = [row for row in book.rows("credits") if row.get("account") == account]
        if amount > sum(row["balance"] for row in given):
            raise Refusal(422, "refused", "Insufficient funds", "insufficient_funds")
        book.ground.faults.before("credit")
        for row in sorted(given, key=lambda each: each["expires"] or LAST):
            spent = min(left, row["balance"])
            book.keep("credits", {**row, "balance": row["balance"] - spent})
            left -= spent
        debit = {"id": book.new_id(), "account": account, "amount": amount, "currency": currency}
        row = book.effect("debited", "debits", {**debit, "event": "ADJUSTMENT"})
    return {"storeCreditAccountTransaction": _entry(book, row)}
