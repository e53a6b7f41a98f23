from datetime import datetime
from typing import TYPE_CHECKING, Self
from uuid import UUID

from django.db import models

from apps.events import choices

if TYPE_CHECKING:
    from apps.accounts.models import Merchant
    from apps.events.models import Event, InboxMessage, JobRun


class EventQuerySet(models.QuerySet["Event", "Event"]):
    def for_merchant(self, merchant: "Merchant") -> Self:
        return self.filter(merchant_id=merchant.pk)

    def about(self, subject_type: str, subject_id: UUID) -> Self:
        return self.filter(subject_type=subject_type, subject_id=subject_id).order_by("sequence")

    def unheard(self) -> Self:
        return self.filter(announced_at__isnull=True)

    def due(self, at: datetime) -> Self:
        """Unheard, their turn has come, and not parked; the longest waiting first."""
        waiting = self.unheard().filter(attempts__lt=choices.MAX_ATTEMPTS, available_at__lte=at)
        return waiting.order_by("available_at", "id")

    def parked(self) -> Self:
        """Given up after MAX_ATTEMPTS; a person looks, mends the listener and calls `retell`."""
        return self.unheard().filter(attempts__gte=choices.MAX_ATTEMPTS)


class InboxQuerySet(models.QuerySet["InboxMessage", "InboxMessage"]):
    def for_merchant(self, merchant: "Merchant") -> Self:
        return self.filter(merchant_id=merchant.pk)

    def waiting(self, at: datetime) -> Self:
        due = self.filter(status=choices.InboxMessage.Status.WAITING, available_at__lte=at)
        return due.order_by("available_at", "id")

    def parked(self) -> Self:
        return self.filter(status=choices.InboxMessage.Status.PARKED)

    def done_before(self, at: datetime) -> Self:
        return self.filter(status=choices.InboxMessage.Status.DONE, done_at__lt=at)


class JobRunQuerySet(models.QuerySet["JobRun", "JobRun"]):
    def done_before(self, at: datetime) -> Self:
        return self.filter(done_at__lt=at)

    def abandoned(self, at: datetime) -> Self:
        """Started before `at` and never done: the process was killed."""
        return self.filter(done_at__isnull=True, started_at__lt=at)


EventManager = models.Manager.from_queryset(EventQuerySet)
InboxManager = models.Manager.from_queryset(InboxQuerySet)
JobRunManager = models.Manager.from_queryset(JobRunQuerySet)
