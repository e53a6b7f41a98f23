"""The card processor: a double of the gateway's client, whose log is the truth about money.

One life has one. What it was asked for and never did is not in the log; what it did is, whether
or not anybody was told.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import override
from uuid import UUID

from django.db import connection

from apps.core import clock
from apps.payments.gateways.stripe.client import Client
from apps.payments.gateways.stripe.facts import Asked, RefundFacts, Refused
from apps.payments.refusals import NoAnswer

# `lost` never arrived; `silent` arrived and its answer did not; `heard` is told of before it.
ANSWERS = ("ok", "heard", "refused", "lost", "silent", "pending")
GONE = ("failed", "canceled")


@dataclass
class Made:
    """One refund; `first` is what its key is answered with for ever."""

    source: str
    first: RefundFacts
    now: RefundFacts
    changed_at: datetime
    was: set[str] = field(default_factory=set)

    @property
    def is_live(self) -> bool:
        return self.now.status not in GONE


class Psp(Client):
    """`hear` is called with the id of a refund whose webhook overtakes the answer."""

    def __init__(self, hear: Callable[[str], object]) -> None:
        super().__init__("sk_test_machine")
        self.hear = hear
        self.log: list[Made] = []
        self.plans: list[str] = []
        self.asks_lost = 0
        self.mail: list[str] = []
        self.refused: set[str] = set()

    @override
    def refund(self, asked: Asked) -> RefundFacts:
        _outside_transactions()
        if asked.key in self.refused:
            raise Refused("charge_disputed")
        before = next((each for each in self.log if each.first.reference == asked.key), None)
        if before is not None:
            return before.first
        answer = self.plans.pop(0) if self.plans else "ok"
        if answer == "lost":
            raise NoAnswer
        if answer == "refused":
            self.refused.add(asked.key)
            raise Refused("charge_disputed")
        return self._made(asked, answer)

    def _made(self, asked: Asked, answer: str) -> RefundFacts:
        facts = RefundFacts(
            id=f"re_{len(self.log)}",
            status="pending" if answer == "pending" else "succeeded",
            amount=asked.amount,
            currency="EUR",
            reference=asked.metadata["reference"],
            payment=asked.metadata["payment"],
        )
        self.log.append(Made(asked.source, facts, facts, clock.now(), {facts.status}))
        if answer == "heard":
            self.hear(facts.id)
        else:
            self.mail.append(facts.id)
        if answer == "silent":
            raise NoAnswer
        return facts

    @override
    def refund_by_id(self, refund: str) -> RefundFacts:
        self._asked()
        found = next((each.now for each in self.log if each.now.id == refund), None)
        if found is None:
            raise Refused("resource_missing")
        return found

    @override
    def refunds_of(self, source: str) -> Iterator[RefundFacts]:
        self._asked()
        return iter([each.now for each in reversed(self.log) if each.source == source])

    @override
    def refunds_told_of(self, since: datetime) -> list[str]:
        self._asked()
        return [each.now.id for each in self.log if each.changed_at >= since]

    def end(self, made: Made, status: str) -> None:
        """It is through, or the shopper's bank gave it back."""
        failure = "expired_or_canceled_card" if status == "failed" else ""
        made.now = replace(made.now, status=status, failure=failure)
        made.was.add(status)
        made.changed_at = clock.now()

    def by_status(self, status: str) -> list[Made]:
        return [each for each in self.log if each.now.status == status]

    def of(self, payment: UUID) -> list[Made]:
        return [each for each in self.log if each.now.payment == str(payment)]

    def given_by(self, source: str) -> int:
        return sum(each.now.amount for each in self.log if each.source == source and each.is_live)

    def be_well(self) -> None:
        self.plans.clear()
        self.asks_lost = 0

    def _asked(self) -> None:
        _outside_transactions()
        if self.asks_lost:
            self.asks_lost -= 1
            raise NoAnswer


def _outside_transactions() -> None:
    assert not connection.savepoint_ids, "the processor was called inside a transaction"
