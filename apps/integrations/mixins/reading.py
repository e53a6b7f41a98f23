"""One shop's orders are read by one worker at a time; whoever lost the turn writes nothing."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings

from apps.core.errors import DomainError
from apps.core.status import Transitions, WithStatus
from apps.core.verbs import verb
from apps.events.choices import MAX_ATTEMPTS, delay_after
from apps.events.recorder import RecordsEvents
from apps.integrations import choices

Status = choices.OrderSync.Status


class TurnLost(DomainError):
    code = "turn_lost"
    title = "Another worker has gone on with it"
    status = 409


@dataclass(frozen=True, slots=True, kw_only=True)
class PageCounts:
    imported: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0


class ReadingMixin(WithStatus, RecordsEvents):
    TRANSITIONS: ClassVar[Transitions] = choices.OrderSync.TRANSITIONS

    if TYPE_CHECKING:
        cursor: str
        turn: int
        pages: int
        expected: int | None
        setbacks: int
        failures: int
        last_error: str
        next_at: datetime
        asked_at: datetime | None
        done_at: datetime | None

    class Meta:
        abstract = True

    @verb
    def take(self, at: datetime) -> bool:
        """Hold it for as long as a page may take; False while it waits or another holds it."""
        if self.status != Status.RUNNING or self.next_at > at:
            return False
        self.turn += 1
        self.asked_at = self.asked_at or at
        self.next_at = at + settings.TASK_LEASE
        return True

    @verb
    def turn_page(self, turn: int, counts: PageCounts, cursor: str, at: datetime) -> None:
        """In the transaction that wrote the page's orders. Raises TurnLost."""
        self.keep_turn(turn)
        for name in PageCounts.__slots__:
            setattr(self, name, getattr(self, name) + getattr(counts, name))
        self.pages += 1
        self.failures, self.last_error = 0, ""
        self.cursor = cursor
        self.next_at = at + settings.TASK_LEASE
        if not cursor:
            self.become(Status.DONE)
            self.done_at = at
            self.record(choices.Event.SYNC_DONE, pages=self.pages)

    @verb
    def expect(self, turn: int, orders: int) -> None:
        """So many has the shop in all, as it says itself."""
        self.keep_turn(turn)
        self.expected = orders

    @verb
    def set_back(self, turn: int, why: str) -> None:
        """What the shop had prepared is lost: it is asked for anew, or the orders page by page."""
        self.keep_turn(turn)
        self.setbacks += 1
        self.last_error = why[:300]
        self.record(choices.Event.SYNC_SET_BACK, why=self.last_error)

    @verb
    def let_go(self, turn: int, at: datetime) -> None:
        """There is more: from `at` on anybody may go on."""
        self.keep_turn(turn)
        self.next_at = at

    @verb
    def put_off(self, turn: int, error: str, at: datetime, wait: timedelta | None = None) -> None:
        """The shop did not answer: later, after `wait` where it said so; given up after ten."""
        self.keep_turn(turn)
        self.failures += 1
        self.last_error = error[:300]
        self.next_at = at + max(wait or delay_after(self.failures), delay_after(1))
        if self.failures >= MAX_ATTEMPTS:
            self.fail(error, at)

    @verb
    def fail(self, error: str, at: datetime) -> None:
        self.become(Status.FAILED)
        self.last_error, self.done_at = error[:300], at
        self.record(choices.Event.SYNC_FAILED, error=self.last_error)

    @verb
    def stop(self, why: str, at: datetime) -> None:
        """The shop is not connected any more."""
        self.become(Status.STOPPED)
        self.last_error, self.done_at = why[:300], at
        self.record(choices.Event.SYNC_STOPPED, why=why)

    @verb
    def resume(self, at: datetime) -> None:
        """From the page that failed; raises IllegalTransition for one that did not fail."""
        self.become(Status.RUNNING)
        self.failures, self.next_at, self.done_at = 0, at, None

    def keep_turn(self, turn: int) -> None:
        if self.turn != turn or self.status != Status.RUNNING:
            raise TurnLost(turn=turn, now=self.turn)
