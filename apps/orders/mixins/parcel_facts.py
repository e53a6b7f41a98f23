"""What carriers tell of the parcel, whatever became of the return."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import models

from apps.core.verbs import verb
from apps.orders import choices
from apps.orders.mixins.units import UnitsMixin


class ParcelFactsMixin(UnitsMixin):
    """The newest scan, when the parcel came to its end, and a label that could not be made."""

    scanned_at = models.DateTimeField(null=True, blank=True)
    landed_at = models.DateTimeField(null=True, blank=True)
    label_failed_at = models.DateTimeField(null=True, blank=True)
    if TYPE_CHECKING:
        shipped_at: datetime | None
        received_at: datetime | None

    class Meta:
        abstract = True

    @verb
    def scan(self, at: datetime) -> bool:
        """A carrier had the parcel in its hands; False when a newer scan is known."""
        if self.scanned_at is not None and at <= self.scanned_at:
            return False
        self.scanned_at = at
        return True

    @verb
    def land(self, at: datetime) -> bool:
        """Every parcel is delivered; heard by recoveries, also when the return is closed."""
        if self.landed_at is not None and at <= self.landed_at:
            return False
        self.landed_at = at
        self.record(choices.Event.RETURN_LANDED)
        return True

    @verb
    def turn_back(self, at: datetime) -> None:
        """The carrier gave the parcel back to the shopper: nothing is under way."""
        self.scanned_at = None

    @verb
    def label_failed(self, at: datetime) -> None:
        self.label_failed_at = at

    @verb
    def label_made(self, at: datetime) -> None:
        self.label_failed_at = None

    @property
    def has_failed_label(self) -> bool:
        return self.label_failed_at is not None and self._arrived_at() is None

    def is_under_way(self, at: datetime, believed: timedelta) -> bool:
        """Scanned and not arrived since; a shopper's word that it left holds for a while only."""
        arrived = self._arrived_at()
        if self.scanned_at is not None:
            return arrived is None or arrived < self.scanned_at
        return self.shipped_at is not None and arrived is None and at < self.shipped_at + believed

    def has_arrived_since(self, at: datetime) -> bool:
        arrived = self._arrived_at()
        return arrived is not None and arrived > at

    def _arrived_at(self) -> datetime | None:
        ends = [each for each in (self.received_at, self.landed_at) if each is not None]
        return max(ends, default=None)
