"""The units that a return holds of its order's lines, and their counters (I-04 to I-06)."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F

from apps.core.status import WithStatus
from apps.events.recorder import RecordsEvents
from apps.orders import choices

if TYPE_CHECKING:
    from apps.orders.models.order import Order
    from apps.orders.models.return_line import ReturnLineItem


class UnitsMixin(WithStatus, RecordsEvents):
    if TYPE_CHECKING:
        order: Order

        @property
        def lines(self) -> models.QuerySet[ReturnLineItem]: ...

    class Meta:
        abstract = True

    def locked_lines(self) -> "list[ReturnLineItem]":
        return list(
            self.lines.select_related("line_item")
            .select_for_update(no_key=True, of=("self",))
            .order_by("pk")
        )

    def free_units(self, outcome: str) -> None:
        """Let go of undecided units; `outcome` is the decision or reception they end with."""
        pending = choices.ReturnLineItem.Decision.PENDING
        for line in self.locked_lines():
            if outcome == choices.ReturnLineItem.Reception.CANCELLED:
                line.reception = outcome
            elif line.decision in (pending, choices.ReturnLineItem.Decision.FOR_REVIEW):
                line.decision = outcome
            line.save(update_fields=["reception", "decision", "updated_at"])
            release(line)


def release(line: "ReturnLineItem") -> None:
    """Give the line's units back to the order line; the CHECK refuses to free what is not held."""
    type(line.line_item).objects.filter(pk=line.line_item_id).update(
        returned_quantity=F("returned_quantity") - line.quantity
    )
