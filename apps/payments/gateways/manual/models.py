from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, override
from uuid import UUID

from django.db import models, transaction

from apps.core.errors import DomainError
from apps.core.verbs import verb
from apps.payments import choices
from apps.payments.dtos import Answer
from apps.payments.managers import ManualRefundManager
from apps.payments.models import Payment


class ReferenceRequired(DomainError):
    code = "reference_required"
    title = "Say where the refund was made: its reference there"
    status = 400


class ReferenceUsed(DomainError):
    code = "reference_used"
    title = "Another refund of this store carries the same reference"
    status = 409


class SecondPersonNeeded(DomainError):
    code = "second_person_needed"
    title = "Another person than the one who asked must approve this sum"
    status = 403


class ManualRefund(Payment):
    """Staff record what happened elsewhere; the row is the only trace of it here."""

    GOES_ALONE: ClassVar[bool] = False
    AT_SHOP: ClassVar[bool] = True

    reference = models.CharField(max_length=100, blank=True)
    note = models.CharField(max_length=1000, blank=True)

    # A manager of its own class, where mypy wants the parent's.
    objects = ManualRefundManager()  # type: ignore[misc, assignment]

    if TYPE_CHECKING:
        store_id: UUID
        requested_by_id: UUID | None
        approved_by_id: UUID | None

    @property
    @override
    def is_ready(self) -> bool:
        return bool(self.reference)

    @override
    def call(self) -> Answer:
        reference = f"{self.store_id.hex}:{self.reference}"
        return Answer(choices.Payment.Outcome.SUCCEEDED, provider_ref=reference)

    @override
    def ask(self) -> Answer:
        """Nobody else knows of it: what was not written down here did not happen."""
        return Answer(choices.Payment.Outcome.ABSENT)

    @transaction.atomic
    def confirm(self, reference: str, note: str, by: UUID | None, at: datetime) -> None:
        """It was done elsewhere under `reference`; settles at once. A repeat changes nothing."""
        if self._write_down(reference, note, by, at):
            self.submit(at)
            self.settle(self.call(), at)

    @verb
    def _write_down(self, reference: str, note: str, by: UUID | None, at: datetime) -> bool:
        if self.status == choices.Payment.Status.SUCCEEDED and self.reference == reference:
            return False
        self._may_be_confirmed(reference, by)
        self.reference, self.note = reference, note or self.note
        if self.needs_second_person:
            self.approved_by_id, self.approved_at = by, at
        return True

    def _may_be_confirmed(self, reference: str, by: UUID | None) -> None:
        if not self.can_become(choices.Payment.Status.PROCESSING):
            self.become(choices.Payment.Status.PROCESSING)
        if not reference:
            raise ReferenceRequired(payment=str(self.pk))
        same = ManualRefund.objects.numbered(self.store_id, reference)
        if same.exclude(pk=self.pk).exists():
            raise ReferenceUsed(reference=reference)
        if self.needs_second_person and by in (None, self.requested_by_id):
            raise SecondPersonNeeded(payment=str(self.pk))
