"""When a label may exist (I-27, I-28), and the labels that there are."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import models

from apps.core.errors import DomainError
from apps.core.status import IllegalTransition, WithStatus
from apps.deliveries import choices
from apps.events.recorder import RecordsEvents
from apps.orders import choices as orders_choices
from apps.orders.calculator.breakdown import Breakdown
from apps.orders.calculator.tree import Kind

if TYPE_CHECKING:
    from apps.deliveries.managers import LabelQuerySet
    from apps.deliveries.models import Label, Parcel
    from apps.orders.models import Return


class FeeNotSettled(DomainError):
    code = "label_fee_not_settled"
    title = "The return's price must be paid before a label exists"
    status = 409


class ReturnNotInProgress(DomainError):
    code = "return_not_in_progress"
    title = "Only a return in progress gets a label"
    status = 409


class TooManyLabels(DomainError):
    code = "too_many_labels"
    title = "This return has used up its labels"
    status = 409


class LabelRulesMixin(WithStatus, RecordsEvents):
    if TYPE_CHECKING:
        ret: Return
        ret_id: UUID
        merchant_id: UUID

        @property
        def parcels(self) -> models.QuerySet[Parcel]: ...

        @property
        def labels(self) -> LabelQuerySet: ...

    class Meta:
        abstract = True

    def _check_label_allowed(self) -> None:
        if self.ret.status != orders_choices.Return.Status.IN_PROGRESS:
            raise ReturnNotInProgress(number=self.ret.number, status=self.ret.status)
        ready = choices.Shipment.Status.LABEL_READY
        if self.status != ready and not self.can_become(ready):
            raise IllegalTransition(subject="shipment", current=self.status, wanted=str(ready))
        breakdown = Breakdown.from_json(self.ret.breakdown)
        has_fee = any(
            node.kind is Kind.RETURN_FEE and node.amount for node in breakdown.tree.walk()
        )
        if has_fee and breakdown.due:
            raise FeeNotSettled(number=self.ret.number, due=dict(breakdown.due.as_json()))

    def _check_spare(self) -> int:
        """How many labels there were; raises TooManyLabels when that was the last (I-27)."""
        used, limit = self.labels.count(), self.parcels.count() + 1
        if used >= limit:
            raise TooManyLabels(number=self.ret.number, limit=limit)
        return used

    def _new_label(self, parcel: "Parcel") -> "Label":
        used = self._check_spare()
        label = self.labels.model(
            merchant_id=self.merchant_id,
            shipment_id=self.pk,
            parcel=parcel,
            number=used + 1,
            reference=f"{self.ret.number}-{self.pk.hex[-6:]}-{used + 1}".upper(),
        )
        label.save(force_insert=True)
        return label

    def _live_labels(self) -> "LabelQuerySet":
        return self.labels.live()

    def _locked_label(self, label_id: UUID) -> "Label":
        return self.labels.select_for_update(no_key=True).get(pk=label_id)

    def _end_labels(self, status: str, at: datetime) -> None:
        for label in self._live_labels():
            label.become(status)
            label.voided_at = at
            label.save(update_fields=["status", "voided_at", "updated_at"])
