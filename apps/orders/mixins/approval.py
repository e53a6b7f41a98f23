"""A return that a rule holds waits here: approved, or refused with a reason."""

from datetime import datetime
from typing import TYPE_CHECKING

from apps.core.verbs import verb
from apps.orders import choices
from apps.orders.mixins.units import UnitsMixin


class ApprovalMixin(UnitsMixin):
    if TYPE_CHECKING:
        opened_at: datetime | None
        decided_at: datetime | None
        reject_reason: str

    class Meta:
        abstract = True

    @verb
    def approve(self, at: datetime) -> None:
        self.become(choices.Return.Status.IN_PROGRESS)
        self.opened_at = at
        self.record(choices.Event.RETURN_APPROVED)

    @verb
    def refuse(self, reason: str, at: datetime) -> None:
        """Turn a request down before any label exists; its units are free again."""
        if self.status != choices.Return.Status.REQUESTED:
            self.become(choices.Return.Status.REQUESTED)
        self.become(choices.Return.Status.REJECTED)
        self.decided_at = at
        self.reject_reason = reason
        self.free_units(choices.ReturnLineItem.Decision.REJECTED)
        self.record(choices.Event.RETURN_REJECTED, reason=reason)
