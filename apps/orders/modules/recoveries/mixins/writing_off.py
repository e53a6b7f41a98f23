"""What will not be paid becomes a loss, by two persons above a limit, never the shopper (I-40)."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings

from apps.core.errors import DomainError
from apps.core.money import Money
from apps.core.verbs import verb
from apps.orders.modules.recoveries import choices
from apps.orders.modules.recoveries.mixins.sums import SumsMixin

if TYPE_CHECKING:
    from apps.users.models import User

Status = choices.Recovery.Status


class OwnRecovery(DomainError):
    code = "own_recovery"
    title = "Nobody writes off their own debt"
    status = 403


class WritingOffMixin(SumsMixin):
    if TYPE_CHECKING:
        needs_second_person: bool
        write_off_asked_by_id: UUID | None
        written_off_by_id: UUID | None

    class Meta:
        abstract = True

    @verb
    def write_off(self, by: "User", reason: str, at: datetime) -> bool:
        """What is left is lost. False: above the limit a second person must do it again.

        Only when charging was given up or failed; raises IllegalTransition, or OwnRecovery.
        """
        if not self.can_become(Status.WRITTEN_OFF):
            self.become(Status.WRITTEN_OFF)
        if by.email in {email.strip().lower() for email in self._emails()}:
            raise OwnRecovery
        left = self.outstanding
        limit = Money.of(settings.RECOVERY_SECOND_PERSON_ABOVE, self.currency)
        self.needs_second_person = left > limit
        if self.needs_second_person and self.write_off_asked_by_id in {None, by.pk}:
            self.write_off_asked_by_id, self.end_reason = by.pk, reason
            self.tell(choices.Event.WRITE_OFF_ASKED, amount=left.as_json(), by=str(by.pk))
            return False
        self.become(Status.WRITTEN_OFF)
        self.written_off = left
        self.written_off_by_id, self.end_reason = by.pk, reason
        self.next_step_at, self.ended_at = None, at
        self.tell(choices.Event.WRITTEN_OFF, amount=left.as_json(), by=str(by.pk), reason=reason)
        return True

    def _emails(self) -> list[str]:
        order = self.ret.order
        return [order.email, order.customer.email if order.customer else ""]
