"""Promise, send, settle: what is written to a shop may end in silence, and is then asked again."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings

from apps.core.status import Transitions, WithStatus
from apps.core.verbs import verb
from apps.events.choices import MAX_ATTEMPTS, delay_after
from apps.events.recorder import RecordsEvents
from apps.integrations import choices

Status = choices.PlatformAction.Status


class WritingMixin(WithStatus, RecordsEvents):
    TRANSITIONS: ClassVar[Transitions] = choices.PlatformAction.TRANSITIONS

    if TYPE_CHECKING:
        kind: str
        external_id: str
        code: str
        why: str
        attempts: int
        next_at: datetime
        sent_at: datetime | None
        done_at: datetime | None

    class Meta:
        abstract = True

    @verb
    def take(self, at: datetime) -> bool:
        """Hold it to send or to ask; False when another holds it or it has ended."""
        if self.status not in choices.PlatformAction.UNDER_WAY or self.next_at > at:
            return False
        if self.status != Status.PROCESSING:
            self.become(Status.PROCESSING)
        self.attempts += 1
        self.sent_at = self.sent_at or at
        self.next_at = at + settings.TASK_LEASE
        return True

    @verb
    def succeed(self, external_id: str, at: datetime) -> bool:
        """False when another has ended it meanwhile."""
        if self.status not in (Status.PROCESSING, Status.UNKNOWN):
            return False
        self.become(Status.DONE)
        self.external_id, self.code, self.done_at = external_id[:120], "", at
        self.record(choices.Event.ACTION_DONE, action=self.kind, external_id=self.external_id)
        return True

    @verb
    def refuse(self, code: str, at: datetime) -> bool:
        """The shop said no, and did nothing; False when another has ended it meanwhile."""
        if self.status != Status.PROCESSING:
            return False
        self.become(Status.FAILED)
        self.code, self.done_at = code[:60], at
        self.record(choices.Event.ACTION_FAILED, action=self.kind, code=self.code)
        return True

    @verb
    def not_offered(self, why: str, at: datetime) -> None:
        """The platform has no way for it."""
        if self.status == Status.PROCESSING:
            self.become(Status.NOT_OFFERED)
            self.code, self.why, self.done_at = "not_offered", why[:300], at
            self.record(choices.Event.ACTION_FAILED, action=self.kind, code=self.code)

    @verb
    def put_off(self, code: str, at: datetime, wait: timedelta | None = None) -> None:
        """Nothing was done: later, after `wait` where the shop said so."""
        self._later(Status.PENDING, code, at, wait)

    @verb
    def lose_sight(self, code: str, at: datetime, wait: timedelta | None = None) -> None:
        """Nobody knows what became of it: it is asked again under the same reference."""
        self._later(Status.UNKNOWN, code, at, wait)

    @verb
    def replay(self, at: datetime) -> None:
        """A person mended what failed; raises IllegalTransition where there is nothing to."""
        self.become(Status.PENDING)
        self.attempts, self.next_at, self.done_at = 0, at, None
        self.sent_at = None

    @verb
    def drop(self, at: datetime) -> bool:
        """Not wanted any more; False when it was sent already."""
        if self.status != Status.PENDING or self.attempts:
            return False
        self.become(Status.DROPPED)
        self.done_at = at
        return True

    def _later(self, status: str, code: str, at: datetime, wait: timedelta | None) -> None:
        if self.status != Status.PROCESSING:
            return
        self.code = code[:60]
        if self.attempts >= MAX_ATTEMPTS:
            self.become(Status.PARKED)
            self.record(choices.Event.ACTION_PARKED, action=self.kind, code=self.code)
            return
        self.become(status)
        self.next_at = at + max(wait or delay_after(self.attempts), delay_after(1))
