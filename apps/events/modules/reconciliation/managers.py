from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models

from apps.events import choices

if TYPE_CHECKING:
    from apps.events.modules.reconciliation.models import ReconciliationItem, ReconciliationRun

Status = choices.ReconciliationItem.Status


class ReconciliationItemQuerySet(models.QuerySet["ReconciliationItem", "ReconciliationItem"]):
    def unresolved(self) -> Self:
        return self.exclude(status=Status.RESOLVED)

    def to_do(self) -> Self:
        """Neither gone nor explained."""
        return self.filter(status__in=(Status.OPEN, Status.TAKEN)).order_by("invariant", "id")

    def untold(self) -> Self:
        """Open, and no mail has said so yet."""
        return self.filter(status=Status.OPEN, told_at__isnull=True).order_by("invariant", "id")

    def resolve(self, at: datetime) -> int:
        """What no run has found since `at` is gone; returns how many."""
        gone = self.unresolved().filter(last_seen_at__lt=at)
        return gone.update(status=Status.RESOLVED, resolved_at=at)

    def reopen(self, at: datetime) -> int:
        """What had been gone is found again, and news to everybody; returns how many."""
        again = self.filter(status=Status.RESOLVED, resolved_at__lte=at)
        return again.update(
            status=Status.OPEN,
            opened_at=at,
            last_seen_at=at,
            times_opened=models.F("times_opened") + 1,
            owner=None,
            resolved_at=None,
            told_at=None,
        )


class ReconciliationRunQuerySet(models.QuerySet["ReconciliationRun", "ReconciliationRun"]):
    def finished(self, since: datetime) -> Self:
        """Runs that began since then and ended, the last first."""
        return self.filter(started_at__gte=since, done_at__isnull=False).order_by("-started_at")

    def started_before(self, at: datetime) -> Self:
        return self.filter(started_at__lt=at)


ReconciliationItemManager = models.Manager.from_queryset(ReconciliationItemQuerySet)
ReconciliationRunManager = models.Manager.from_queryset(ReconciliationRunQuerySet)
