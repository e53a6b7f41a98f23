"""Captures, refunds and balance of every account, kept by what the journal says."""

import threading
from dataclasses import dataclass, field
from typing import Any

from fakes.psp.clock import Clock
from fakes.psp.journal import Journal
from fakes.psp.refusals import invalid, missing

type Row = dict[str, Any]
LIVE = ("pending", "requires_action", "succeeded")


@dataclass(frozen=True)
class Cause:
    """The call that an effect came from: whose, under which key, with which parameters."""

    account: str
    key: str = ""
    fingerprint: str = ""


@dataclass
class Tables:
    payment_intents: dict[str, Row] = field(default_factory=dict)
    refunds: dict[str, Row] = field(default_factory=dict)
    transactions: dict[str, Row] = field(default_factory=dict)
    events: dict[str, Row] = field(default_factory=dict)
    customers: dict[str, Row] = field(default_factory=dict)
    payment_methods: dict[str, Row] = field(default_factory=dict)
    setup_intents: dict[str, Row] = field(default_factory=dict)
    sessions: dict[str, Row] = field(default_factory=dict)
    disputes: dict[str, Row] = field(default_factory=dict)


class Book:
    def __init__(self, clock: Clock, journal: Journal) -> None:
        self.clock, self.journal = clock, journal
        self.lock = threading.RLock()
        self.accounts: dict[str, Tables] = {}
        for line in journal.of("capture", "effect", "transaction", "event", "row"):
            self._put(line["account"], line["table"], line["body"])

    def tables(self, account: str) -> Tables:
        with self.lock:
            return self.accounts.setdefault(account, Tables())

    def new_id(self, prefix: str) -> str:
        return f"{prefix}_{self.clock.number():020d}"

    def get(self, account: str, table: str, kind: str, id: str) -> Row:  # noqa: A002
        rows: dict[str, Row] = getattr(self.tables(account), table)
        if id not in rows:
            raise missing(kind, id)
        return rows[id]

    def capture(self, account: str, intent: Row) -> Row:
        with self.lock:
            self._put(account, "payment_intents", intent)
            self.journal.write("capture", account=account, table="payment_intents", body=intent)
            self._transact(account, "charge", intent["amount_received"], intent["latest_charge"])
            return intent

    def keep(self, account: str, table: str, row: Row) -> Row:
        """What is no movement of money: customers, cards, sessions, intents that took nothing."""
        with self.lock:
            self._put(account, table, row)
            self.journal.write("row", account=account, table=table, body=row)
            return row

    def adjust(self, account: str, amount: int, charge: str) -> None:
        self._transact(account, "adjustment", amount, charge)

    def refund(self, cause: Cause, intent: Row, facts: Row) -> Row:
        """Never above what was captured and is not refunded yet (Stripe's own refusals)."""
        with self.lock:
            left = self.left(cause.account, intent)
            amount = left if facts["amount"] is None else facts["amount"]
            if left == 0:
                message = f"Charge {intent['latest_charge']} has already been refunded."
                raise invalid(message, code="charge_already_refunded")
            if not 0 < amount <= left:
                message = f"Refund amount ({amount}) is greater than unrefunded amount ({left})"
                raise invalid(f"{message} on charge", param="amount")
            row = self._new_refund(intent, facts, amount)
            self._effect("refund.created", cause, row)
            if row["status"] == "succeeded":
                self._transact(cause.account, "refund", -amount, row["id"])
            return row

    def turn(self, account: str, id: str, status: str, reason: str = "") -> Row:  # noqa: A002
        """A refund ends: pending ones succeed or fail, succeeded ones may fail later."""
        with self.lock:
            old = self.get(account, "refunds", "refund", id)
            if old["status"] == status or old["status"] == "failed":
                return old
            row = {**old, "status": status, "pending_reason": None}
            if status == "failed":
                row["failure_reason"] = reason or "expired_or_canceled_card"
            self._effect(f"refund.{status}", Cause(account), row)
            if status == "succeeded":
                self._transact(account, "refund", -row["amount"], id)
            elif old["status"] == "succeeded":
                self._transact(account, "refund_failure", row["amount"], id)
            return row

    def left(self, account: str, intent: Row) -> int:
        rows = self.tables(account).refunds.values()
        gone = (int(row["amount"]) for row in rows if row["payment_intent"] == intent["id"]
                and row["status"] in LIVE)  # fmt: skip
        return int(intent["amount_received"]) - sum(gone)

    def intent_of(self, account: str, charge: str) -> Row:
        for intent in self.tables(account).payment_intents.values():
            if intent["latest_charge"] == charge:
                return intent
        raise missing("charge", charge)

    def tell(self, account: str, kind: str, row: Row, version: str) -> Row:
        with self.lock:
            event = {
                "id": self.new_id("evt"),
                "object": "event",
                "type": kind,
                "api_version": version,
                "created": self.clock.seconds(),
                "livemode": False,
                "pending_webhooks": 1,
                "request": {"id": None, "idempotency_key": None},
                "data": {"object": dict(row)},
            }
            self._put(account, "events", event)
            self.journal.write("event", account=account, table="events", body=event)
            return event

    def _new_refund(self, intent: Row, facts: Row, amount: int) -> Row:
        pending = facts["status"] == "pending"
        return {
            "id": self.new_id("re"),
            "object": "refund",
            "amount": amount,
            "currency": intent["currency"],
            "charge": intent["latest_charge"],
            "payment_intent": intent["id"],
            "created": self.clock.seconds(),
            "metadata": facts["metadata"],
            "reason": facts["reason"],
            "status": facts["status"],
            "pending_reason": "processing" if pending else None,
            "failure_reason": None,
            "balance_transaction": None,
            "receipt_number": None,
        }

    def _effect(self, effect: str, cause: Cause, row: Row) -> None:
        self.journal.write(
            "effect",
            effect=effect,
            at=self.clock.now(),
            account=cause.account,
            key=cause.key,
            fingerprint=cause.fingerprint,
            table="refunds",
            id=row["id"],
            payment_intent=row["payment_intent"],
            reference=row["metadata"].get("reference", ""),
            amount=row["amount"],
            currency=row["currency"],
            status=row["status"],
            metadata=row["metadata"],
            body=row,
        )
        self._put(cause.account, "refunds", row)

    def _transact(self, account: str, kind: str, amount: int, source: str) -> None:
        row = {
            "id": self.new_id("txn"),
            "object": "balance_transaction",
            "amount": amount,
            "net": amount,
            "fee": 0,
            "currency": self._currency(account, source),
            "created": self.clock.seconds(),
            "available_on": self.clock.seconds(),
            "source": source,
            "status": "available",
            "type": kind,
        }
        self._put(account, "transactions", row)
        self.journal.write("transaction", account=account, table="transactions", body=row)

    def _currency(self, account: str, source: str) -> str:
        refund = self.tables(account).refunds.get(source)
        return str((refund or self.intent_of(account, source))["currency"])

    def _put(self, account: str, table: str, row: Row) -> None:
        getattr(self.tables(account), table)[row["id"]] = row
