"""The parcel's way: on the road, arrived."""

from datetime import datetime
from typing import TYPE_CHECKING

from apps.core.verbs import verb
from apps.orders import choices
from apps.orders.mixins.units import UnitsMixin
from apps.underwriting.choices import Rung


class ReceptionMixin(UnitsMixin):
    if TYPE_CHECKING:
        shipped_at: datetime | None
        received_at: datetime | None
        reminded_at: datetime | None

    class Meta:
        abstract = True

    @verb
    def ship(self, at: datetime, *, scanned: bool = True) -> bool:
        """First sign that the goods travel; False when that was known already: a late word of an
        earlier time moves the time back.

        `scanned`: somebody held the parcel. A tracking number is the shopper's word alone, and
        lets no money go.
        """
        first = not self.shipped_at and self.status == choices.Return.Status.IN_PROGRESS
        if first:
            self.become(choices.Return.Status.SHIPPED)
            self.shipped_at = at
            self.record(choices.Event.RETURN_SHIPPED)
        elif self.shipped_at is not None:
            self.shipped_at = min(at, self.shipped_at)
        if scanned and not self.is_final:
            self.reach(Rung.PAY_AT_SCAN, at)
        return first

    @verb
    def receive(self, at: datetime) -> bool:
        """The parcel is in the warehouse; False when that was known or the return is over.

        A return parked for review before its parcel came stays parked.
        """
        if self.received_at or self.is_final:
            return False
        if self.status != choices.Return.Status.FOR_REVIEW:
            self.become(choices.Return.Status.RECEIVED)
        self.received_at = at
        awaiting = choices.ReturnLineItem.Reception.AWAITING
        for line in self.locked_lines():
            if line.reception == awaiting:
                line.arrive(at)
        self.record(choices.Event.RETURN_RECEIVED)
        self.reach(Rung.PAY_AT_DELIVERY, at)
        return True

    @verb
    def remind(self, at: datetime) -> bool:
        """Once: the parcel is not on its way yet."""
        if self.reminded_at or self.status != choices.Return.Status.IN_PROGRESS:
            return False
        self.reminded_at = at
        self.record(choices.Event.RETURN_REMINDED)
        return True
