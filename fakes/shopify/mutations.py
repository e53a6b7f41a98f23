"""The fields of the mutation root: each works on the book, and tells what was refused."""

from collections.abc import Callable, Mapping
from typing import Any

from fakes.psp.refusals import Refusal
from fakes.shopify import accounts, bulk, goods, ordering, queries, returning
from fakes.shopify.executing import REFUSED
from fakes.shops.book import Book
from fakes.shops.figures import Row

type Field = Callable[..., Row]

# What the book refuses in words of its own; a fault of the server's is none of them.
SAID_NO = frozenset({400, 404, 409, 422})
CODES = {
    "orderCreate": {"out_of_stock": "INVENTORY_CLAIM_FAILED"},
    "giftCardCreate": {"taken": "TAKEN"},
    "giftCardDebit": {"insufficient_funds": "INSUFFICIENT_FUNDS"},
    "storeCreditAccountDebit": {"insufficient_funds": "INSUFFICIENT_FUNDS"},
    "storeCreditAccountCredit": {"expired": "EXPIRES_AT_IN_PAST"},
    "metafieldsSet": {"stale": "STALE_OBJECT"},
    "bulkOperationRunQuery": {"in_progress": "OPERATION_IN_PROGRESS"},
}
OTHERWISE = {
    "inventoryAdjustQuantities": "ADJUST_QUANTITIES_FAILED",
    "storeCreditAccountCredit": "CREDIT_LIMIT_EXCEEDED",
    "storeCreditAccountDebit": "ACCOUNT_NOT_FOUND",
}


def roots(book: Book, domain: str) -> Mapping[str, Field]:
    fields = {
        **ordering.mutations(book),
        **returning.mutations(book),
        **goods.mutations(book),
        **accounts.mutations(book),
        **bulk.mutations(book, lambda: queries.roots(book, domain)),
    }
    return {name: _refusing(name, field) for name, field in fields.items()}


def _refusing(name: str, field: Field) -> Field:
    errors = "orderCancelUserErrors" if name == "orderCancel" else "userErrors"

    def answer(**asked: Any) -> Row:
        try:
            return {errors: [], **field(**asked)}
        except Refusal as refusal:
            if refusal.status not in SAID_NO:
                raise
            code = CODES.get(name, {}).get(refusal.code) or OTHERWISE.get(name, "INVALID")
            told = {"code": code, "field": None, "message": refusal.message}
            return {REFUSED: True, errors: [told]}

    return answer
