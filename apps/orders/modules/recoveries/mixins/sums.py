"""What is owed, what came in, and the one charge that may be in flight."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from apps.core.errors import Detail
from apps.core.money import Money
from apps.core.status import WithStatus
from apps.events.recorder import RecordsEvents
from apps.orders.modules.recoveries import choices

if TYPE_CHECKING:
    from apps.orders.models import Return
    from apps.orders.modules.recoveries.managers import (
        RecoveryAttemptQuerySet,
        RecoveryCollectionQuerySet,
    )
    from apps.orders.modules.recoveries.models import RecoveryAttempt


class SumsMixin(WithStatus, RecordsEvents):
    if TYPE_CHECKING:
        pk: UUID
        merchant_id: UUID
        ret: Return
        ret_id: UUID
        currency: str
        due: Money
        taken: Money
        given_back: Money
        written_off: Money
        next_step_at: datetime | None
        end_reason: str
        ended_at: datetime | None

        @property
        def attempts(self) -> RecoveryAttemptQuerySet: ...

        @property
        def collections(self) -> RecoveryCollectionQuerySet: ...

    class Meta:
        abstract = True

    @property
    def kept(self) -> Money:
        """What came in and does not go back."""
        return self.taken - self.given_back

    @property
    def outstanding(self) -> Money:
        return self.due - self.kept - self.written_off

    def in_flight(self) -> "RecoveryAttempt | None":
        return self.attempts.in_flight().first()

    def tell(self, kind: str, **payload: Detail) -> None:
        self.record(kind, recovery=str(self.pk), ret=str(self.ret_id), **payload)

    def withdraw(self, at: datetime) -> None:
        """Take back a charge that was asked for and did not start; its number may be used again."""
        asked = choices.RecoveryAttempt.Status.ASKED
        for attempt in self.attempts.filter(status=asked):
            attempt.become(choices.RecoveryAttempt.Status.WITHDRAWN)
            attempt.ended_at = at
            attempt.save(update_fields=["status", "ended_at", "updated_at"])
