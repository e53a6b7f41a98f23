"""What every rule stands on: the world of one example, its clock, and how a call may go wrong."""

import json
import random
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import ClassVar
from unittest.mock import patch
from uuid import UUID

import time_machine
from django.conf import settings
from django.db import IntegrityError
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant

from apps.accounts.models import Merchant, Store
from apps.core import clock
from apps.core.errors import DomainError
from apps.deliveries import services as deliveries
from apps.events import announcer
from apps.events.models import Event
from apps.orders.dtos import MethodChoice
from apps.orders.models import Return as ReturnRow
from apps.orders.services import clockwork
from apps.payments import services as payments
from apps.payments.gateways.stripe.models import StripeAccount
from apps.payments.refusals import NoAnswer
from apps.users.models import User
from faults.machine.compare import compare
from faults.machine.follow import following
from faults.machine.hearsay import settled
from faults.machine.judge import Judge
from faults.machine.model import Model
from faults.machine.nouns import Payment, Return
from faults.machine.psp import Psp
from faults.machine.world import Crash, CrashPoint, World, living

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
GRANTED = ("accepted", "partly_accepted")
NUMBER = st.integers(0, 999)


@dataclass(frozen=True)
class How:
    """A call is made once, or twice, or its process dies and it is made again."""

    twice: bool = False
    crash: CrashPoint | None = None


HOW = st.sampled_from(
    [How()] * 14
    + [How(twice=True)] * 4
    + [How(crash=CrashPoint(at, before)) for at in range(4) for before in (True, False)]
)


@dataclass(frozen=True)
class Stage:
    """What all examples share: a merchant with one store, two people and its ways to return."""

    merchant: Merchant
    store: Store
    maker: User
    approver: User
    methods: Sequence[MethodChoice]
    judge: Judge
    account: StripeAccount


class Enough(BaseException):
    """So many lives were asked for and no more."""


class Play(RuleBasedStateMachine):
    stage: ClassVar[Stage]
    last_life: ClassVar[int] = 0
    counts: ClassVar[dict[str, int]] = dict.fromkeys(
        ("lives", "steps", "done", "refused", "crashes"), 0
    )

    def __init__(self) -> None:
        super().__init__()
        self.counts["lives"] += 1
        if self.last_life and self.counts["lives"] > self.last_life:
            raise Enough
        self.model = Model()
        self.world = World()
        self.deaf: list[Event] = []
        self.serial = 0
        self.seen = -1
        self.psp = Psp(self.hear_of)
        self.closing = ExitStack()
        self.clock = self.closing.enter_context(time_machine.travel(START, tick=True))
        self.closing.enter_context(living(self.world))
        self.closing.enter_context(following(self.model, self.world, self.deaf))
        self.closing.enter_context(patch.object(StripeAccount, "client", lambda _: self.psp))

    def teardown(self) -> None:
        """All is told and carried on to its end; the product judges the whole life by itself."""
        try:
            if sys.exc_info()[0] is None:
                self._come_to_an_end()
            self.stage.judge.ask_product()
        finally:
            self.closing.close()

    def _come_to_an_end(self) -> None:
        if not self.paid_by("stripe"):
            return
        self.psp.be_well()
        self.world.deliver(list)
        self.travel(2 * HOUR)
        self.tick(random.Random(0))
        self.all_agree()
        settled(self.model, self.psp)

    @property
    def at(self) -> datetime:
        return clock.now()

    def next(self) -> int:
        self.serial += 1
        return self.serial

    def act(
        self,
        call: Callable[[], object],
        then: Callable[[], object],
        how: How,
        *,
        legal: bool,
        keyed: bool = False,
    ) -> bool:
        """Whether it was done; `then` books it in the model at the moment it is committed.

        `keyed` calls are repeated under an Idempotency-Key: done once, they are not done again.
        """
        self.counts["steps"] += 1
        self.world.then = then
        if how.crash is None:
            self._tried(call)
        elif self._cut_short(call, how.crash):
            self.counts["crashes"] += 1
            self.world.held.clear()
            self.check_books()
            if not (keyed and self.world.then is None):
                self._tried(call)
            self.recover()
        done = self.world.then is None
        self.world.then = None
        if how.twice and done and not keyed:
            self._tried(call)
        self.counts["done" if done else "refused"] += 1
        assert done == legal, "it was done" if done else f"it was refused: {self.refusal}"
        return done

    def happen(self, call: Callable[[], object], how: How) -> None:
        """Something that nobody here asked for; one that dies on it is told again."""
        self.counts["steps"] += 1
        if how.crash is None:
            call()
        elif self._cut_short(call, how.crash):
            self.counts["crashes"] += 1
            self.world.held.clear()
            call()
            self.recover()

    def hear_of(self, refund: str) -> None:
        """A webhook; one that cannot be looked into comes again."""
        body = json.dumps({"data": {"object": {"id": refund, "object": "refund"}}}).encode()
        try:
            payments.hear_stripe(self.stage.account.pk, body, self.at)
        except NoAnswer:
            self.psp.mail.append(refund)

    def _cut_short(self, call: Callable[[], object], point: CrashPoint) -> bool:
        self.world.arm(point)
        try:
            self._tried(call)
        except Crash:
            return True
        finally:
            self.world.arm(None)
        return False

    def _tried(self, call: Callable[[], object]) -> bool:
        self.refusal: DomainError | None = None
        try:
            call()
        except DomainError as refusal:
            self.refusal = refusal
            return False
        except IntegrityError as error:
            # The last net held, and nothing should have fallen so far.
            raise AssertionError(f"only the database refused it: {error}") from error
        return True

    def recover(self) -> None:
        """A few minutes later what was left behind is told and carried on.

        Who starts again holds nothing back, or what is carried on would not be told.
        """
        self.world.holds = False
        self.travel(5 * MINUTE)
        self._announce(self.at)
        self.travel(2 * MINUTE)
        self._announce(self.at)
        self._carry_on(self.at)
        left = Event.objects.for_merchant(self.stage.merchant).unheard()
        assert not left.exists(), "an event was never told"
        decided = [ret for ret in self.model.returns if ret.status in GRANTED]
        assert all(ret.sum for ret in decided), "an accepted return was never refunded"

    def travel(self, by: timedelta) -> None:
        self.clock.shift(by)

    def tick(self, shuffled: random.Random) -> None:
        """Every job of beat, in some order; then, two minutes later, payments once more."""
        jobs = [
            self._announce,
            self._carry_on,
            self._watch,
            self._expire_labels,
            self._expire_credits,
            self._missing_labels,
            payments.catch_up_with_stripe,
        ]
        shuffled.shuffle(jobs)
        for job in jobs:
            job(self.at)
        self.travel(2 * MINUTE)
        self._announce(self.at)
        self._carry_on(self.at)

    def _announce(self, at: datetime) -> None:
        announcer.sweep(at - settings.EVENT_SWEEP_AFTER, limit=1000)

    def _carry_on(self, at: datetime) -> None:
        payments.sweep_payments(at)
        self.model.sweep(at)

    def _watch(self, at: datetime) -> None:
        clockwork.remind_not_shipped(at)
        clockwork.cancel_not_shipped(at)
        self.model.lapse(at)

    def _expire_labels(self, at: datetime) -> None:
        deliveries.expire_labels(at)
        self.model.run_out(at)

    def _expire_credits(self, at: datetime) -> None:
        payments.expire_credits(at)
        self.model.expire(at)

    def _missing_labels(self, at: datetime) -> None:
        for ret_id in deliveries.returns_left_without_label(at - 5 * MINUTE):
            deliveries.prepare_return(ret_id, at)

    @invariant()
    def all_agree(self) -> None:
        """Every ear heard, rows and model are equal, and no reconciliation query finds a thing."""
        assert not self.deaf, f"an ear raised at {[event.kind for event in self.deaf]}"
        if self.seen != self.world.total:
            self.seen = self.world.total
            compare(self.model, self.psp, self.stage.merchant.pk)
            self.check_books()

    def check_books(self) -> None:
        self.stage.judge.ask()

    def paid_by(self, gateway: str, status: str = "") -> list[Payment]:
        return [
            each
            for each in self.model.payments
            if each.gateway == gateway and status in ("", each.status)
        ]

    def returns_by(self, method: str) -> list[Return]:
        return [ret for ret in self.model.returns if ret.method == method]

    def row(self, ret_id: UUID) -> ReturnRow:
        return ReturnRow.objects.select_related("order", "store").get(pk=ret_id)


def pick[T](things: Sequence[T], number: int) -> T:
    return things[number % len(things)]
