from datetime import datetime
from typing import TYPE_CHECKING, Self
from uuid import UUID

from django.db import models
from django.db.models import Sum

from apps.core.managers import TenantQuerySet
from apps.orders.modules.recoveries import choices

if TYPE_CHECKING:
    from apps.orders.modules.recoveries.models import (
        Recovery,
        RecoveryAttempt,
        RecoveryCollection,
    )


class RecoveryQuerySet(TenantQuerySet["Recovery"]):
    def live(self) -> Self:
        """Something may still be asked for."""
        return self.filter(status__in=choices.Recovery.LIVE)

    def waiting(self, at: datetime) -> Self:
        """Whose next step is due, longest first."""
        clocked = self.filter(status__in=choices.Recovery.CLOCKED, next_step_at__lte=at)
        return clocked.order_by("next_step_at", "id")


class RecoveryAttemptQuerySet(TenantQuerySet["RecoveryAttempt"]):
    def in_flight(self) -> Self:
        return self.filter(status__in=choices.RecoveryAttempt.IN_FLIGHT)

    def under_consent(self, ret_id: UUID) -> int:
        """Minor units charged, or being charged, under the one consent of a return."""
        taken = self.filter(
            recovery__ret_id=ret_id, status__in=choices.RecoveryAttempt.UNDER_CAP
        ).aggregate(minor=Sum("amount_minor"))
        return int(taken["minor"] or 0)


class RecoveryCollectionQuerySet(TenantQuerySet["RecoveryCollection"]):
    def kept(self) -> Self:
        return self.filter(given_back_minor__lt=models.F("amount_minor"))


RecoveryManager = models.Manager.from_queryset(RecoveryQuerySet)
RecoveryAttemptManager = models.Manager.from_queryset(RecoveryAttemptQuerySet)
RecoveryCollectionManager = models.Manager.from_queryset(RecoveryCollectionQuerySet)
