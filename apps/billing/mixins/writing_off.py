"""An invoice that will not be paid becomes a loss, by two persons above a limit (I-40)."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from apps.billing import choices
from apps.billing.mixins.issuing import IssuingMixin
from apps.core.verbs import verb
from apps.payments.limits import needs_second_person
from apps.payments.modules.ledger import services as ledger
from apps.payments.modules.ledger.postings import INVOICE_GIVEN_UP, move

if TYPE_CHECKING:
    from apps.users.models import User

GIVEN_UP = "given_up"


class WritingOffMixin(IssuingMixin):
    if TYPE_CHECKING:
        write_off_reason: str
        needs_second_person: bool
        requested_by_id: UUID | None
        approved_by_id: UUID | None

    class Meta:
        abstract = True

    @verb
    def give_up(self, by: "User", reason: str, at: datetime) -> bool:
        """Write off what is due. False: above the limit a second person must do it again (I-40)."""
        wanted = choices.Invoice.Status.UNCOLLECTIBLE
        if not self.can_become(wanted):
            self.become(wanted)
        self.needs_second_person = needs_second_person(self.due)
        if self.needs_second_person and self.requested_by_id in {None, by.pk}:
            self.requested_by_id, self.write_off_reason = by.pk, reason
            self.record(choices.Event.INVOICE_WRITE_OFF_ASKED, by=str(by.pk), reason=reason)
            return False
        self.become(wanted)
        self.approved_by_id, self.write_off_reason = by.pk, reason
        ledger.post(self.source, self._given_up(), move(INVOICE_GIVEN_UP, self.due), at)
        self.record(choices.Event.INVOICE_UNCOLLECTIBLE, by=str(by.pk), reason=reason)
        return True

    def take_up_again(self, at: datetime) -> None:
        """In memory, inside a verb: paid after all, the loss is reversed and may come again."""
        self.become(choices.Invoice.Status.OVERDUE)
        loss = ledger.get(self.source, f"{GIVEN_UP}.{self._times_given_up()}")
        ledger.reverse(loss, f"taken_up.{self._times_given_up()}", at)
        self.requested_by_id = self.approved_by_id = None
        self.needs_second_person = False

    def _given_up(self) -> str:
        return f"{GIVEN_UP}.{self._times_given_up() + 1}"

    def _times_given_up(self) -> int:
        return self.timeline.filter(kind=choices.Event.INVOICE_UNCOLLECTIBLE).count()
