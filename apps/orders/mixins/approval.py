"""A return that a rule holds waits here: approved, or refused with a reason."""

from datetime import datetime
from typing import TYPE_CHECKING

from apps.core.verbs import verb
from apps.orders import choices
from apps.orders.mixins.units import UnitsMixin


class ApprovalMixin(UnitsMixin):
    if TYPE_CHECKING:
        requested_at: datetime
        opened_at: datetime | None
        expires_at: datetime | None
        decided_at: datetime | None
        reject_reason: str

        def refuse_unpaid(self) -> None: ...

    class Meta:
        abstract = True

    @verb
    def approve(self, at: datetime) -> None:
        """The time to ship begins now, however long the request has waited. Raises
        PaymentOutstanding while the shopper owes a difference."""
        self.refuse_unpaid()
        self.become(choices.Return.Status.IN_PROGRESS)
        if self.expires_at is not None:
            self.expires_at += at - self.requested_at
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
