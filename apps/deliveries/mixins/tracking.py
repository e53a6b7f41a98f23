"""The parcel's way as told by scans; any order, any number of times, and the return hears of it."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import models

from apps.core.status import WithStatus
from apps.core.verbs import verb
from apps.deliveries import choices
from apps.deliveries.dtos import TrackingUpdate
from apps.events.recorder import RecordsEvents
from apps.orders import choices as orders_choices

if TYPE_CHECKING:
    from apps.deliveries.managers import LabelQuerySet
    from apps.deliveries.models import Parcel, TrackingEvent
    from apps.orders.models import Return


class TrackingMixin(WithStatus, RecordsEvents):
    if TYPE_CHECKING:
        ret: Return
        ret_id: UUID
        merchant_id: UUID
        shipped_at: datetime | None
        delivered_at: datetime | None
        last_event_at: datetime | None

        @property
        def parcels(self) -> models.QuerySet[Parcel]: ...

        @property
        def labels(self) -> LabelQuerySet: ...

        @property
        def events(self) -> models.QuerySet[TrackingEvent]: ...

    class Meta:
        abstract = True

    @verb
    def track(self, update: TrackingUpdate) -> bool:
        """Keep the scan and move by it; False when it is known. Older never overwrites newer."""
        if self.events.filter(external_id=update.external_id).exists():
            return False
        parcel = self._parcel_of(update.tracking_number)
        self._keep(update, parcel)
        if update.kind in choices.Tracking.PHYSICAL:
            self.leave(update.at)
            if not self._came_back_after(update.at):
                self.ret.scan(update.at)
        if update.kind == choices.Tracking.Kind.DELIVERED:
            self._arrive(parcel, update.at)
        else:
            self._move(update)
        return True

    def _parcel_of(self, tracking_number: str) -> "Parcel | None":
        if not tracking_number:
            return None
        labels = self.labels.select_related("parcel").filter(tracking_number=tracking_number)
        label = labels.first()
        return label.parcel if label else None

    def _keep(self, update: TrackingUpdate, parcel: "Parcel | None") -> None:
        self.events.model(
            merchant_id=self.merchant_id,
            shipment_id=self.pk,
            parcel=parcel,
            external_id=update.external_id,
            kind=update.kind,
            at=update.at,
            raw_code=update.raw_code[:60],
            description=update.description[:300],
            place=update.place[:120],
        ).save(force_insert=True)

    def leave(self, at: datetime, *, scanned: bool = True) -> None:
        """The first hand that takes the parcel; a late scan may only move the time back.

        Not `scanned` it is the shopper's word, on which no advance goes out.
        """
        known, self.shipped_at = self.shipped_at, min(at, self.shipped_at or at)
        if known is not None:
            instant = self.ret.mode == orders_choices.Return.Mode.INSTANT
            if scanned and (instant or at < known):
                self.ret.ship(at)
            return
        for label in self.labels.filter(status=choices.Label.Status.READY):
            label.become(choices.Label.Status.USED)
            label.used_at = at
            label.save(update_fields=["status", "used_at", "updated_at"])
        if self.ret.can_become(orders_choices.Return.Status.SHIPPED):
            self.ret.ship(at, scanned=scanned)

    def _arrive(self, parcel: "Parcel | None", at: datetime) -> None:
        """Delivered wins over what carriers say later; with several parcels the last one counts."""
        waiting = self.parcels.filter(delivered_at=None)
        (waiting.filter(pk=parcel.pk) if parcel else waiting).update(delivered_at=at)
        if self.parcels.filter(delivered_at=None).exists():
            self._move_to(choices.Shipment.Status.IN_TRANSIT, at)
        elif self.can_become(choices.Shipment.Status.DELIVERED):
            self._move_to(choices.Shipment.Status.DELIVERED, at)
            self.delivered_at = at
            self.ret.land(at)
            if self.ret.can_become(orders_choices.Return.Status.RECEIVED):
                self.ret.receive(at)

    def _move(self, update: TrackingUpdate) -> None:
        status = choices.Tracking.STATUS_OF.get(update.kind)
        if status is not None and self._is_newest(update.at, status):
            self._move_to(status, update.at)
            if status == choices.Shipment.Status.RETURNED_TO_SENDER:
                self.ret.turn_back(update.at)

    def _came_back_after(self, at: datetime) -> bool:
        """Told late, of a parcel that the shopper has again: nothing is under way by that."""
        back = self.status == choices.Shipment.Status.RETURNED_TO_SENDER
        return back and self.last_event_at is not None and at <= self.last_event_at

    def _is_newest(self, at: datetime, status: str) -> bool:
        """Carriers round to the minute: at the same time "in transit" is the earlier of two."""
        if at == self.last_event_at:
            return status != choices.Shipment.Status.IN_TRANSIT
        return self.last_event_at is None or at > self.last_event_at

    def _move_to(self, status: str, at: datetime) -> None:
        self.last_event_at = max(at, self.last_event_at or at)
        if self.can_become(status):
            self.become(status)
            self.record(choices.Shipment.EVENTS[status], ret=str(self.ret_id))
