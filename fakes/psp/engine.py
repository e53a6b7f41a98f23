"""One call from its first byte to its last: key, fault, effect, events, answer."""

import threading
import time
from dataclasses import dataclass
from typing import Any

from fakes.psp.api import Api, Request
from fakes.psp.book import Book, Cause, Row
from fakes.psp.clock import Clock
from fakes.psp.hooks import Hooks
from fakes.psp.journal import Journal
from fakes.psp.keys import Kept, Keys
from fakes.psp.modes import Mode, Modes
from fakes.psp.refusals import Refusal

OUTAGE = "An unknown error occurred"
VERSION = "2026-10-28.endive"


class Cut(Exception):
    """The connection ends here, without an answer."""


@dataclass(frozen=True)
class Reply:
    status: int
    body: Any
    headers: dict[str, str]


@dataclass(frozen=True)
class Incoming:
    """A call as it came; `fingerprint` is its path and its parameters in order."""

    account: str
    method: str
    path: str
    params: dict[str, Any]
    key: str
    fingerprint: str

    @property
    def metadata(self) -> dict[str, str]:
        return self.params.get("metadata") or {}


class Engine:
    def __init__(self, journal: Journal) -> None:
        self.clock, self.modes, self.journal = Clock(), Modes(), journal
        self.keys = Keys(self.clock, journal)
        self.book = Book(self.clock, journal)
        self.hooks = Hooks(self.clock, journal)
        self.api = Api(self.book)

    def mode_of(self, call: Incoming) -> Mode | None:
        mode = self.modes.take("transport", call.method, call.path, call.metadata)
        self.journal.write(
            "call",
            sync=False,
            account=call.account,
            method=call.method,
            path=call.path,
            key=call.key,
            reference=call.metadata.get("reference", ""),
            mode=mode.name if mode else "",
        )
        return mode

    def serve(self, call: Incoming, mode: Mode | None) -> Reply:
        """Raises Refusal, or Cut where the caller is to hear nothing."""
        if mode is not None:
            _at_the_door(mode)
        if call.method != "POST" or not call.key:
            return self._work(call, mode)
        kept = self.keys.claim(call.account, call.key, call.fingerprint)
        if kept is not None:
            return _replayed(kept, mode)
        try:
            return self._first(call, mode)
        except BaseException:
            self.keys.drop_open(call.account, call.key)
            raise

    def _first(self, call: Incoming, mode: Mode | None) -> Reply:
        """Under a new key; what was begun is kept, also a 500 (Stripe v1)."""
        try:
            reply = self._work(call, mode)
        except Refusal as refusal:
            if refusal.kept:
                self.keys.keep(call.account, call.key, refusal.status, refusal.body)
            raise
        self.keys.keep(call.account, call.key, reply.status, reply.body)
        return reply

    def _work(self, call: Incoming, mode: Mode | None) -> Reply:
        name = mode.name if mode else ""
        if mode is not None:
            _before(mode)
        body = self.carry_out(call)
        if mode is not None and name == "error_after":
            kept = bool(mode.facts.get("kept", True))
            self._remember(call, body, kept)
            raise Refusal(500, "api_error", OUTAGE, kept=kept)
        if mode is not None and name in ("reset_after", "hang_after"):
            self._remember(call, body, kept=False)
            time.sleep(_seconds(mode) if name == "hang_after" else 0)
            if name == "reset_after":
                raise Cut
        return Reply(200, body, {})

    def _remember(self, call: Incoming, body: Row, kept: bool) -> None:
        """The effect stands under its key although nobody hears of it."""
        if call.key and call.method == "POST" and not kept:
            self.keys.keep(call.account, call.key, 200, body)

    def carry_out(self, call: Incoming) -> Row:
        life = self.modes.take("life", call.method, call.path, call.metadata)
        looked = call.method == "GET" and call.path in ("/v1/refunds", "/v1/payment_intents")
        empty = self.modes.take("lookup", "GET", call.path, {}) if looked else None
        cause = Cause(call.account, call.key, call.fingerprint)
        report = self.report_mode(call) if call.path == "/v1/balance_transactions" else None
        request = Request(
            cause, call.method, call.path, call.params, life, empty is not None, report
        )
        try:
            body = self.api.answer(request)
        finally:
            for kind, row in request.told:
                self._tell(call.account, (kind,), row, None)
        if call.method == "POST" and body["object"] == "refund":
            hook = self.modes.take("hooks", call.method, call.path, call.metadata)
            self._tell(call.account, ("refund.created",), body, hook)
            self.live_on(call.account, body, life)
        return body

    def report_mode(self, call: Incoming) -> Mode | None:
        return self.modes.take("report", call.method, call.path, {})

    def turn(self, account: str, refund: str, status: str, reason: str = "") -> Row:
        row = self.book.turn(account, refund, status, reason)
        hook = self.modes.take("hooks", "POST", "/v1/refunds", row["metadata"])
        kinds = ("refund.updated", "refund.failed") if status == "failed" else ("refund.updated",)
        self._tell(account, kinds, row, hook)
        return row

    def at_the_till(self, account: str, step: str, asked: Row) -> Row:
        """What the shopper or the bank does: `step` is a method of the till."""
        told: list[tuple[str, Row]] = []
        row: Row = getattr(self.api.till, step)(account, asked, told)
        for kind, each in told:
            self._tell(account, (kind,), each, None)
        return row

    def live_on(self, account: str, row: Row, life: Mode | None) -> None:
        if life is None or "seconds" not in life.facts:
            return
        end = "failed" if life.name == "late_failure" else "succeeded"
        later = threading.Timer(_seconds(life), self.turn, (account, row["id"], end))
        later.daemon = True
        later.start()

    def _tell(self, account: str, kinds: tuple[str, ...], row: Row, hook: Mode | None) -> None:
        for kind in kinds:
            self.hooks.send(account, self.book.tell(account, kind, row, VERSION), hook)


def _before(mode: Mode) -> None:
    """Faults between the claim of the key and the effect."""
    facts = mode.facts
    if mode.name == "refuse":
        raise Refusal(
            int(facts.get("status", 400)),
            str(facts.get("type", "invalid_request_error")),
            "The refund was refused.",
            code=str(facts.get("code", "charge_disputed")),
            kept=bool(facts.get("kept", False)),
        )
    if mode.name == "error_before":
        raise Refusal(500, "api_error", OUTAGE, kept=bool(facts.get("kept", False)))
    if mode.name in ("hang_before", "hang_drop"):
        time.sleep(_seconds(mode))
    if mode.name == "hang_drop":
        raise Cut


def _at_the_door(mode: Mode) -> None:
    """Faults before anything is looked at."""
    if mode.name == "reset_before":
        raise Cut
    if mode.name == "conflict":
        message = "This object cannot be accessed right now because another request is using it."
        raise Refusal(409, "invalid_request_error", message, code="lock_timeout")
    if mode.name == "rate_limit":
        wait = int(mode.facts.get("retry_after", 1))
        message = "Too many requests"
        raise Refusal(429, "invalid_request_error", message, "rate_limit", retry_after=wait)


def _replayed(kept: Kept, mode: Mode | None) -> Reply:
    if mode is not None and mode.name == "reset_after":
        raise Cut
    return Reply(kept.status, kept.body, {"Idempotent-Replayed": "true"})


def _seconds(mode: Mode) -> float:
    return float(mode.facts.get("seconds", 1))
