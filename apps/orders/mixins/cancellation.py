"""A standard return withdrawn before the goods arrive, by hand or because nothing was shipped."""

from datetime import datetime
from typing import TYPE_CHECKING

from apps.core.verbs import verb
from apps.orders import choices
from apps.orders.mixins.units import UnitsMixin


class CancellationMixin(UnitsMixin):
    if TYPE_CHECKING:
        decided_at: datetime | None

    class Meta:
        abstract = True

    @verb
    def cancel(self, at: datetime, reason: str = "") -> None:
        """Frees every unit, once; raises IllegalTransition when goods arrived or it is decided."""
        self.become(choices.Return.Status.CANCELLED)
        self.decided_at = at
        self.free_units(choices.ReturnLineItem.Reception.CANCELLED)
        self.record(choices.Event.RETURN_CANCELLED, reason=reason)
