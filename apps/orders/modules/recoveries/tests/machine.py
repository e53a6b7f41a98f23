"""Random lives of two recoveries of one return, played on the product and on paper."""

import os
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from apps.core.errors import DomainError
from apps.core.money import Money
from apps.events.models import Event
from apps.orders.models import Recovery, Return
from apps.orders.modules.recoveries import services
from apps.orders.modules.recoveries.dtos import Contest, OpenRecovery
from apps.orders.modules.recoveries.tests.paper import Charge, Consent, Debt, Paper, Parcel
from apps.users.models import User

# Runs x steps; RECOVERY_MACHINE=200x60 is the long one.
SHORT = "3x60"
HEARD = ("recovery.warned", "recovery.due", "recovery.give_back", "recovery.closed")
HOURS = (72, 48, 24, 6, 72, 96, 120)
# How often each of them is drawn: a life of troubles alone would end before the first charge.
OFTEN = {
    "due": 10,
    "on": 14,
    "time": 12,
    "answer": 10,
    "again": 3,
    "label_made": 3,
    "turned_back": 5,
    "resumed": 6,
    "scanned": 2,
    "delivered": 1,
    "label_failed": 1,
    "paid_by_link": 1,
    "link_asked": 1,
    "split": 1,
    "contested": 1,
    "written_off": 2,
    "closed": 1,
    "accepted": 1,
    "overtaken": 3,
}
WHAT = [name for name, times in OFTEN.items() for _ in range(times)]


def size(runs: int = 0) -> settings:
    """Nothing is shrunk: a life tells its story as it is, and shrinking one takes minutes."""
    asked = os.environ.get("RECOVERY_MACHINE", SHORT)
    examples, steps = map(int, asked.split("x"))
    return settings(
        max_examples=runs or examples,
        stateful_step_count=steps,
        derandomize=os.environ.get("MACHINE_ANEW") != "1",
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        deadline=None,
        report_multiple_bugs=False,
    )


class RecoveryMachine(RuleBasedStateMachine):
    """`stage` is a decided return with its two recoveries, made once and rolled back to."""

    stage: ClassVar[tuple[Return, list[Recovery], User]]
    counts: ClassVar[dict[str, int]] = {"steps": 0, "charges": 0, "given_back": 0, "closed": 0}

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        ret, rows, self.staff = self.stage
        self.ret = Return.objects.get(pk=ret.pk)
        self.rows = list(Recovery.objects.filter(pk__in=[row.pk for row in rows]).order_by("cause"))
        first = self.rows[0]
        assert first.consent_cap_minor is not None
        assert first.consent_until is not None
        self.now: datetime = first.opened_at
        self.paper = Paper(
            Parcel(),
            Consent(first.consent_cap_minor, first.consent_until),
            {row.pk: Debt(row.due_minor, row.opened_at) for row in self.rows},
        )
        self.heard: set[UUID] = set()
        self.asked: list[tuple[Recovery, int]] = []
        self.back: dict[UUID, dict[str, int]] = {row.pk: {} for row in self.rows}
        self.told: list[Callable[[], object]] = []
        self.payments = 0

    def teardown(self) -> None:
        try:
            connection.check_constraints()
        finally:
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    @rule(what=st.sampled_from(WHAT), drawn=st.integers(0, 59), twice=st.booleans())
    def something_happens(self, what: str, drawn: int, twice: bool) -> None:
        """`drawn` chooses whom it happens to; what may be heard twice is."""
        row = self.rows[drawn % 2]
        for again in range(1 + (twice and what in {"time", "due", "again"})):
            with suppress(DomainError):
                getattr(self, f"_{what}")(row, drawn // 2 - again)
            self._listen()

    # Time and parcel.

    def _time(self, row: Recovery, drawn: int) -> None:
        self.now += timedelta(hours=HOURS[drawn % len(HOURS)])
        services.take_steps(self.now)

    def _on(self, row: Recovery, drawn: int) -> None:
        """Nobody is late: the clock comes every second day, and what falls due is charged."""
        known = len(self.asked)
        for _ in range(4):
            self._time(row, 1)
            self._listen()
            if len(self.asked) > known:
                self._due(row, 0)
                return

    def _overtaken(self, row: Recovery, drawn: int) -> None:
        """A charge falls due, and before anybody makes it the parcel is scanned."""
        known = len(self.asked)
        for _ in range(4):
            self._time(row, 1)
            self._listen()
            if len(self.asked) > known:
                self._scanned(row, 0)
                self._due(row, 0)
                return

    def _scanned(self, row: Recovery, drawn: int) -> None:
        self.ret.scan(self.now)
        self.paper.parcel.scanned_at = self.now

    def _delivered(self, row: Recovery, drawn: int) -> None:
        """The goods that never came are here; it is heard twice."""
        if self.paper.parcel.travels:
            self.ret.land(self.now)
            self.paper.parcel.landed_at = self.now
            for _ in range(2):
                services.goods_arrived(self.ret.pk, self.now)
            for each in self.rows:
                self._debt(each).is_closed |= each.cause == "not_returned"

    def _turned_back(self, row: Recovery, drawn: int) -> None:
        self.ret.turn_back(self.now)
        self.paper.parcel.scanned_at = None

    def _label_failed(self, row: Recovery, drawn: int) -> None:
        self.ret.label_failed(self.now)
        self.paper.parcel.label_failed = True

    def _label_made(self, row: Recovery, drawn: int) -> None:
        self.ret.label_made(self.now)
        self.paper.parcel.label_failed = False

    # Those who move the money.

    def _due(self, _: Recovery, drawn: int) -> None:
        """Late, twice, or long after something changed."""
        if not self.asked:
            return
        row, number = self.asked[-1 - drawn % min(len(self.asked), 3)]
        if row.charge_started(number, self.now):
            amount = row.attempts.get(number=number).amount_minor
            self.paper.charge(row.pk, Charge(number, amount, self.now, self._reference()))
            self.counts["charges"] += 1

    def _answer(self, row: Recovery, drawn: int) -> None:
        for charge in self._debt(row).charges:
            if charge.is_open and drawn % 5 == 0:
                row.needs_shopper(self.now)
            elif charge.is_open:
                charge.is_open, charge.succeeded = False, drawn % 5 > 2
                self._end(row, charge, self.now)

    def _end(self, row: Recovery, charge: Charge, at: datetime) -> None:
        if charge.succeeded:
            self._paid(row, charge.amount, charge.reference, charge.number)
        else:
            self._tell(lambda: row.charge_failed("card_declined", at))

    def _paid_by_link(self, row: Recovery, drawn: int) -> None:
        """Whatever state it is in: money that came cannot be refused."""
        self._paid(row, (1, 500, 700, 3000)[drawn % 4], self._reference(), 0)

    def _paid(self, row: Recovery, amount: int, reference: str, number: int) -> None:
        at, money = self.now, Money(amount, "EUR")
        self._debt(row).paid[reference] = amount
        self._tell(lambda: row.collected(money, reference, at, number))

    def _tell(self, call: Callable[[], object]) -> None:
        self.told.append(call)
        call()

    def _again(self, row: Recovery, drawn: int) -> None:
        if self.told:
            self.told[drawn % len(self.told)]()

    def _reference(self) -> str:
        self.payments += 1
        return f"pay_{self.payments}"

    # Shopper and staff.

    def _contested(self, row: Recovery, drawn: int) -> None:
        kind = ("objection", "sent", "dispute", "pause")[drawn % 4]
        if kind == "pause":
            row.pause("staff", self.now)
        else:
            row.contest(Contest(kind), self.now)
        self._debt(row).is_contested = True

    def _resumed(self, row: Recovery, drawn: int) -> None:
        row.resume("looked", self.now)
        self._debt(row).is_contested = False

    def _split(self, row: Recovery, drawn: int) -> None:
        row.agree_instalments(2 + drawn % 2, self.now)

    def _link_asked(self, row: Recovery, drawn: int) -> None:
        row.ask_link(self.now)

    def _written_off(self, row: Recovery, drawn: int) -> None:
        row.write_off(self.staff, "gone", self.now)

    def _closed(self, row: Recovery, drawn: int) -> None:
        if drawn % 2:
            row.close("kindness", self.now)
            self._debt(row).is_closed = True

    def _accepted(self, row: Recovery, drawn: int) -> None:
        line = self.ret.lines.get(decision="accepted")
        asked = OpenRecovery(self.ret, "missing", Money(100, "EUR"), [line.pk])
        services.open_recovery(asked, self.now)
        raise AssertionError("opened for goods that were accepted (I-26)")

    # After every step.

    @invariant()
    def product_and_paper_agree(self) -> None:
        self.counts["steps"] += 1
        self._listen()
        for row in Recovery.objects.filter(pk__in=self.back):
            debt, back = self._debt(row), self.back[row.pk]
            assert row.collected_minor == debt.came, "money was counted otherwise"
            assert sum(back.values()) == row.given_back_minor == debt.must_go_back, "given back"
            assert debt.came - debt.must_go_back <= debt.due, "kept more than is due (I-35)"
            assert all(amount <= debt.paid[each] for each, amount in back.items())
            assert (row.status == "closed") == debt.is_closed

    def _debt(self, row: Recovery) -> Debt:
        return self.paper.debts[row.pk]

    def _listen(self) -> None:
        events = Event.objects.filter(subject_id__in=self.back, kind__in=HEARD)
        told = events.exclude(pk__in=self.heard).order_by("subject_id", "sequence")
        for pk, subject, kind, payload in told.values_list("pk", "subject_id", "kind", "payload"):
            self.heard.add(pk)
            self._hear(next(row for row in self.rows if row.pk == subject), kind, payload)

    def _hear(self, row: Recovery, kind: str, payload: dict[str, Any]) -> None:
        if kind == "recovery.warned":
            self._debt(row).warn(self.now)
        elif kind == "recovery.due":
            self.asked.append((row, payload["attempt"]))
        elif kind == "recovery.give_back":
            amount = Money.of(payload["amount"]["amount"], "EUR").minor
            back = self.back[row.pk]
            back[payload["reference"]] = back.get(payload["reference"], 0) + amount
            self.counts["given_back"] += 1
        else:
            self.counts["closed"] += 1
