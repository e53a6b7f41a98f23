"""The units that a return holds of its order's lines, and their counters (I-04 to I-06)."""

from datetime import datetime
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
        """Let go of undecided units; `outcome` is the decision or reception they end with.

        Units rejected before were freed then: freed again, they would be another return's.
        """
        for line in self.locked_lines():
            if not line.is_open:
                continue
            if outcome == choices.ReturnLineItem.Reception.CANCELLED:
                line.reception = outcome
            else:
                line.decision = outcome
            line.save(update_fields=["reception", "decision", "updated_at"])
            self.let_go(line)

    def let_go(self, line: "ReturnLineItem") -> None:
        """The units are not this return's any more, whatever it holds of them."""
        release(line)

    def reach(self, rung: str, at: datetime) -> None:
        """What waits for this step of the goods goes out; only an advance has such parts."""

    def conclude(self, at: datetime) -> None:
        """No unit is open any more."""


def release(line: "ReturnLineItem") -> None:
    """Give the units back to the order line, and goods held for them back to the shelf; the CHECK
    refuses to free what is not held."""
    for exchange in line.exchanges.filter(status=choices.ExchangeLineItem.Status.RESERVED):
        exchange.cancel()
    type(line.line_item).objects.filter(pk=line.line_item_id).update(
        returned_quantity=F("returned_quantity") - line.quantity
    )
