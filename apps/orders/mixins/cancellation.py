"""A standard return withdrawn before the goods arrive, by hand or because nothing was shipped."""

from datetime import datetime
from typing import TYPE_CHECKING

from apps.core.errors import DomainError
from apps.core.verbs import verb
from apps.orders import choices
from apps.orders.mixins.units import UnitsMixin

NOT_SHIPPED = "not_shipped"


class UnitsAccepted(DomainError):
    code = "units_accepted"
    title = "Some units were accepted and will be paid; decide the others instead"
    status = 409


class CancellationMixin(UnitsMixin):
    if TYPE_CHECKING:
        decided_at: datetime | None
        expires_at: datetime | None

    class Meta:
        abstract = True

    @verb
    def cancel(self, at: datetime, reason: str = "") -> None:
        """Frees every undecided unit, once; raises IllegalTransition when goods arrived or it is
        decided, UnitsAccepted when some are."""
        if self.lines.filter(decision=choices.ReturnLineItem.Decision.ACCEPTED).exists():
            raise UnitsAccepted(number=str(self))
        self.become(choices.Return.Status.CANCELLED)
        self.decided_at = at
        self.free_units(choices.ReturnLineItem.Reception.CANCELLED)
        self.record(choices.Event.RETURN_CANCELLED, reason=reason)

    @verb
    def lapse(self, at: datetime) -> bool:
        """Cancelled, because its time to ship is over; False when it moved on meanwhile."""
        waits = self.status == choices.Return.Status.IN_PROGRESS
        if not waits or self.expires_at is None or at < self.expires_at:
            return False
        self.cancel(at, NOT_SHIPPED)
        return True
