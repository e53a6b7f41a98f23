"""The label's life: asked for, made, voided, run out; never without its fee (I-27, I-28)."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from apps.core.verbs import verb
from apps.deliveries import choices
from apps.deliveries.dtos import StoredLabel
from apps.deliveries.mixins.label_rules import LabelRulesMixin

if TYPE_CHECKING:
    from apps.deliveries.models import Label


class LabelMixin(LabelRulesMixin):
    if TYPE_CHECKING:
        failure: str
        tracking_number: str
        label_expires_at: datetime | None

    class Meta:
        abstract = True

    @verb
    def ask_labels(self, at: datetime) -> "list[Label]":
        """One label for each parcel that has none; returns those still to be made, keys fixed.

        Raises ReturnNotInProgress, FeeNotSettled, TooManyLabels or IllegalTransition.
        """
        self._check_label_allowed()
        live = {label.parcel_id: label for label in self._live_labels()}
        wanted = []
        for parcel in self.parcels.order_by("number"):
            label = live.get(parcel.pk) or self._new_label(parcel)
            if label.status == choices.Label.Status.FAILED:
                label.become(choices.Label.Status.ASKED)
                label.save(update_fields=["status", "updated_at"])
            if label.status == choices.Label.Status.ASKED:
                wanted.append(label)
        return wanted

    @verb
    def hold_label(self, label_id: UUID, until: datetime, at: datetime) -> bool:
        """Before a carrier is asked; False while another worker asks, or when none is wanted."""
        label = self._locked_label(label_id)
        held = label.held_until is not None and label.held_until > at
        if held or label.status != choices.Label.Status.ASKED:
            return False
        label.held_until = until
        label.save(update_fields=["held_until", "updated_at"])
        return True

    @verb
    def let_go_of_label(self, label_id: UUID) -> None:
        """The carrier did not answer: whoever asks next may."""
        label = self._locked_label(label_id)
        label.held_until = None
        label.save(update_fields=["held_until", "updated_at"])

    @verb
    def issue_label(self, label_id: UUID, stored: StoredLabel, at: datetime) -> bool:
        """Write down a made label; False when another worker did. The last parcel's makes it ready.

        Raises what `ask_labels` raises: what was allowed when it was asked for may not be now.
        """
        label = self._locked_label(label_id)
        if label.status == choices.Label.Status.READY:
            return False
        self._check_label_allowed()
        label.become(choices.Label.Status.READY)
        label.fill(stored, at)
        label.save()
        ready = [each.expires_at for each in self._live_labels() if each.expires_at]
        if len(ready) == self.parcels.count():
            self.become(choices.Shipment.Status.LABEL_READY)
            self.tracking_number = self.tracking_number or stored.tracking_number
            self.failure = ""
            self.label_expires_at = min(ready)
            self.ret.label_made(at)
            self.record(choices.Event.LABEL_READY, ret=str(self.ret_id), label=str(label.pk))
        return True

    @verb
    def fail_label(self, reason: str, at: datetime) -> None:
        """The carrier said no, or there is nowhere to send it; a later `ask_labels` tries again."""
        for label in self._live_labels():
            if label.status == choices.Label.Status.ASKED:
                label.become(choices.Label.Status.FAILED)
                label.held_until = None
                label.save(update_fields=["status", "held_until", "updated_at"])
        if self.status != choices.Shipment.Status.LABEL_FAILED:
            self.become(choices.Shipment.Status.LABEL_FAILED)
        self.failure = reason[:300]
        self.ret.label_failed(at)
        self.record(choices.Event.LABEL_FAILED, ret=str(self.ret_id), reason=self.failure)

    @verb
    def void(self, at: datetime) -> bool:
        """Nothing may travel on these labels; False when that was so. Raises after a scan."""
        if self.status == choices.Shipment.Status.VOIDED:
            return False
        self.become(choices.Shipment.Status.VOIDED)
        self._end_labels(choices.Label.Status.VOIDED, at)
        self.record(choices.Event.LABEL_VOIDED, ret=str(self.ret_id))
        return True

    @verb
    def told_of_void(self, label_id: UUID, at: datetime) -> None:
        """The carrier knows that a label is void, or has said that it gives nothing back."""
        label = self._locked_label(label_id)
        label.void_told_at = at
        label.save(update_fields=["void_told_at", "updated_at"])

    @verb
    def drop_label(self, label_id: UUID, at: datetime) -> None:
        """Void one label so that its parcel may get another.

        Raises what `ask_labels` would raise after it: no label is lost where none could follow.
        """
        self._check_label_allowed()
        self._check_spare()
        label = self._locked_label(label_id)
        if self.status == choices.Shipment.Status.LABEL_READY:
            self.become(choices.Shipment.Status.PENDING)
        label.become(choices.Label.Status.VOIDED)
        label.voided_at = at
        label.save(update_fields=["status", "voided_at", "updated_at"])
        self.record(choices.Event.LABEL_VOIDED, ret=str(self.ret_id), label=str(label.pk))

    @verb
    def expire(self, at: datetime) -> bool:
        """The label's time is over; False when it is not, or when the parcel left in time."""
        ready = self.status == choices.Shipment.Status.LABEL_READY
        if not ready or self.label_expires_at is None or at < self.label_expires_at:
            return False
        self.become(choices.Shipment.Status.EXPIRED)
        self._end_labels(choices.Label.Status.EXPIRED, at)
        self.record(choices.Event.LABEL_EXPIRED, ret=str(self.ret_id))
        return True
