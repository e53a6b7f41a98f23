"""`@idempotent`: one key, one effect; mandatory on some mutations although no schema says so."""

import json
from collections.abc import Callable

from fakes.psp.refusals import Refusal
from fakes.shops.book import Book
from fakes.shops.figures import Row

MISMATCH = "IDEMPOTENCY_KEY_PARAMETER_MISMATCH"


class KeyMissing(Exception):
    """What Shopify says since 2026-04 instead of working."""


def once(book: Book, name: str, asked: Row, work: Callable[[Row], Row]) -> Row:
    """What `work` gives, kept: a row of text and figures. Raises KeyMissing."""
    key = asked.pop("idempotency_key", "")
    if not key:
        raise KeyMissing(f"The @idempotent directive is required for {name}")
    fingerprint = json.dumps(asked, sort_keys=True)
    with book.lock:
        kept = {row["id"]: row for row in book.rows("keys")}.get(f"{name}:{key}")
        if kept is None:
            made = work(asked)
            book.keep("keys", {"id": f"{name}:{key}", "print": fingerprint, "made": made})
            return made
        if kept["print"] != fingerprint:
            raise Refusal(409, "refused", MISMATCH, MISMATCH)
        return dict(kept["made"])
