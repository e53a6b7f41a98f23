"""A batch is drafted, approved by the right person, exported once, settled by the bank's word."""

import hashlib
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import models

from apps.core.errors import DomainError
from apps.core.fields import Sealed
from apps.core.models import AbstractTimeStampedUUID
from apps.core.status import WithStatus
from apps.core.verbs import verb
from apps.events.recorder import RecordsEvents
from apps.payments import choices
from apps.payments.gateways.bank_transfer.sealing import open_file, seal_file
from apps.users.models import Membership

if TYPE_CHECKING:
    from apps.core.money import Money
    from apps.payments.gateways.bank_transfer.models import BankTransferItem
    from apps.users.models import User


class NotApprover(DomainError):
    code = "payout_approval_not_allowed"
    title = "Your role does not approve payouts"
    status = 403


class SecondApproverNeeded(DomainError):
    code = "second_person_needed"
    title = "Another person than the one who made the batch must approve this sum"
    status = 403


class BatchMixin(WithStatus, RecordsEvents, AbstractTimeStampedUUID):
    if TYPE_CHECKING:
        merchant_id: UUID
        total: Money
        transfers_count: int
        needs_second_person: bool
        requested_by_id: UUID
        approved_by_id: UUID | None
        approved_at: datetime | None
        exported_at: datetime | None
        settled_at: datetime | None
        file: Sealed | None
        file_hash: str

        @property
        def items(self) -> models.QuerySet[BankTransferItem]: ...

    class Meta:
        abstract = True

    @property
    def message_id(self) -> str:
        return self.id.hex

    @verb
    def approve(self, by: "User", at: datetime) -> None:
        """By a member whose role approves payouts, or staff; above the limit by a second person."""
        if not may_approve(by, self.merchant_id):
            raise NotApprover
        if self.needs_second_person and by.pk == self.requested_by_id:
            raise SecondApproverNeeded(total={**self.total.as_json()})
        self.become(choices.BankTransferBatch.Status.APPROVED)
        self.approved_by_id, self.approved_at = by.pk, at
        self.record(choices.Event.BATCH_APPROVED, by=str(by.pk), **self.total.as_json())

    @verb
    def leave(self, xml: bytes, at: datetime) -> None:
        """The file is made: kept sealed, so that a second export gives the same bytes."""
        self.become(choices.BankTransferBatch.Status.EXPORTED)
        self.exported_at = at
        self.file, self.file_hash = seal_file(xml, self), hashlib.sha256(xml).hexdigest()
        self.record(choices.Event.BATCH_EXPORTED, file_hash=self.file_hash)

    @verb
    def conclude(self, at: datetime) -> bool:
        """The bank has carried it out; False when that was known."""
        if self.status == choices.BankTransferBatch.Status.SETTLED:
            return False
        self.become(choices.BankTransferBatch.Status.SETTLED)
        self.settled_at = at
        self.record(choices.Event.BATCH_SETTLED)
        return True

    @verb
    def cancel(self, at: datetime) -> None:
        """Before the export; its payouts are free for another batch."""
        self.become(choices.BankTransferBatch.Status.CANCELLED)
        self.items.all().delete()
        self.record(choices.Event.BATCH_CANCELLED)

    def exported_file(self) -> bytes | None:
        return None if self.file is None else open_file(self.file, self)


def may_approve(user: "User", merchant_id: UUID) -> bool:
    if not user.is_active:
        return False
    if user.is_staff and user.has_perm("payments.change_banktransferbatch"):
        return True
    right = models.Q(role__is_owner=True) | models.Q(role__may_approve_payouts=True)
    memberships = Membership.objects.active().filter(merchant_id=merchant_id, user_id=user.pk)
    return memberships.filter(right).exists()
