"""The shopper lets go of the parcel: by their own carrier, or over the counter of a shop."""

import re
from datetime import datetime
from typing import TYPE_CHECKING

from apps.core.errors import DomainError
from apps.core.verbs import verb
from apps.deliveries import choices
from apps.deliveries.dtos import TrackingUpdate
from apps.deliveries.mixins.tracking import TrackingMixin
from apps.orders import choices as orders_choices

if TYPE_CHECKING:
    from apps.deliveries.models import DropOffPoint

_NUMBER = re.compile(r"[A-Z0-9]{5,40}")


class NotATrackingNumber(DomainError):
    code = "not_a_tracking_number"
    title = "A tracking number is 5 to 40 letters and digits"
    status = 400


class ReturnNotTravelling(DomainError):
    code = "return_not_travelling"
    title = "The return is closed or not yet approved"
    status = 409


class HandingOverMixin(TrackingMixin):
    if TYPE_CHECKING:
        carrier: str
        tracking_number: str
        drop_off_point: DropOffPoint | None

    class Meta:
        abstract = True

    @verb
    def set_tracking(self, number: str, carrier: str, at: datetime) -> None:
        """The shopper's own number: the parcel is on its way by their word.

        Raises NotATrackingNumber or ReturnNotTravelling.
        """
        bare = re.sub(r"[\s-]", "", number).upper()
        if not _NUMBER.fullmatch(bare):
            raise NotATrackingNumber(number=number[:60])
        self._check_travelling()
        self.tracking_number, self.carrier = bare, carrier[:60]
        if self.shipped_at is None:
            self.become(choices.Shipment.Status.IN_TRANSIT)
            self.leave(at, scanned=False)
        self.record(choices.Event.SHIPMENT_NUMBERED, ret=str(self.ret_id), number=bare)

    @verb
    def hand_in(self, point: "DropOffPoint | None", at: datetime) -> bool:
        """Taken over the counter of a shop; False when it was. Raises ReturnNotTravelling."""
        self._check_travelling()
        self.drop_off_point = point
        known = not self.track(
            TrackingUpdate(
                external_id=choices.Tracking.Kind.HANDED_IN,
                kind=choices.Tracking.Kind.HANDED_IN,
                at=at,
                place=point.name if point else "",
            )
        )
        if not known:
            self.record(choices.Event.SHIPMENT_HANDED_IN, ret=str(self.ret_id))
        return not known

    def _check_travelling(self) -> None:
        closed = (orders_choices.Return.Status.REQUESTED, *orders_choices.Return.FINAL)
        if self.ret.status in closed:
            raise ReturnNotTravelling(number=self.ret.number, status=self.ret.status)
