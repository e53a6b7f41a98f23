"""One call from its first byte to its last: shop, fault, effect, webhooks, answer."""

from typing import Any

from fakes.psp.clock import Clock
from fakes.psp.journal import Journal
from fakes.psp.refusals import Refusal
from fakes.shops.book import Book
from fakes.shops.faults import AFTER, BEFORE, BENT, Faults, Mode, hold, lose
from fakes.shops.figures import Row
from fakes.shops.hooks import Hooks
from fakes.shops.tables import Ground
from fakes.shops.vendor import Raw, Reply, Vendor

MAIN = "main"


class Engine:
    def __init__(self, journal: Journal, vendor: Vendor) -> None:
        self.journal, self.vendor = journal, vendor
        self.clock, self.faults = Clock(), Faults()
        self.hooks = Hooks(self.clock, journal, self.faults, vendor)
        self.ground = Ground(self.clock, journal, self.faults, self.tell)
        self.books: dict[str, Book] = {}

    def book(self, shop: str = MAIN) -> Book:
        if shop not in self.books:
            self.books[shop] = Book(shop, self.ground)
        return self.books[shop]

    def reset(self) -> None:
        """Empty shops, nothing wrong any more; the log goes on."""
        self.journal.write("reset", sync=False)
        self.books.clear()
        self.faults.clear()
        self.clock.offset, self.hooks.via = 0, ""

    def serve(self, raw: Raw) -> tuple[Reply, Mode | None]:
        """The reply and how it is to be bent; raises Cut where the caller is to hear nothing."""
        met = {"method": raw.method, "path": raw.path, "operation": self.vendor.operation(raw)}
        before = self.faults.take(BEFORE, met)
        after = None if before else self.faults.take(AFTER, met)
        bent = self.faults.take(BENT, met)
        name = next((mode.name for mode in (before, after, bent) if mode), "")
        self.journal.write("call", sync=False, **met, mode=name)
        try:
            return self._bend(self._work(raw, before, after), bent), bent
        except Refusal as refusal:
            reply = self.vendor.refused(refusal, raw)
            wait = refusal.retry_after
            headers = {} if wait is None else {"Retry-After": str(wait)}
            return Reply(
                reply.body, reply.status, {**headers, **reply.headers}, reply.content_type
            ), None

    def tell(self, shop: str, topic: str, row: Row) -> None:
        book = self.book(shop)
        for hook in self.vendor.hooks(topic, row, book):
            for each in book.webhooks():
                if each["is_active"] and each["topic"] == hook.topic:
                    self.hooks.send(hook, each)

    def _work(self, raw: Raw, before: Mode | None, after: Mode | None) -> Reply:
        if before is not None:
            hold(before)
        book = self.book(self.vendor.shop_of(raw, self.book))
        with self.faults.watching() as effects:
            reply = self.vendor.answer(raw, book)
            self.faults.after(effects)
        if after is not None:
            lose(after)
        return reply

    def _bend(self, reply: Reply, mode: Mode | None) -> Reply:
        if mode is not None and mode.name == "schema_break":
            return Reply(
                without(reply.body, self.vendor.NEEDED), reply.status, reply.headers,
                reply.content_type,
            )  # fmt: skip
        if mode is not None and mode.name == "html":
            return Reply("<html><body>Down for maintenance</body></html>", 200, {}, "text/html")
        return reply


def without(body: Any, names: frozenset[str]) -> Any:
    """The same answer with what everybody relies on taken out; text that is no JSON is cut off."""
    if isinstance(body, str | bytes):
        return body[: len(body) // 2]
    return _pruned(body, names)


def _pruned(value: Any, names: frozenset[str]) -> Any:
    if isinstance(value, dict):
        return {key: _pruned(each, names) for key, each in value.items() if key not in names}
    if isinstance(value, list):
        return [_pruned(each, names) for each in value]
    return value
