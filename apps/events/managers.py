from datetime import datetime
from typing import TYPE_CHECKING, Self
from uuid import UUID

from django.db import models

if TYPE_CHECKING:
    from apps.accounts.models import Merchant
    from apps.events.models import Event, InboxMessage


class EventQuerySet(models.QuerySet["Event", "Event"]):
    def for_merchant(self, merchant: "Merchant") -> Self:
        return self.filter(merchant_id=merchant.pk)

    def about(self, subject_type: str, subject_id: UUID) -> Self:
        return self.filter(subject_type=subject_type, subject_id=subject_id).order_by("sequence")

    def due(self, at: datetime) -> Self:
        return self.filter(announced_at__isnull=True, available_at__lte=at).order_by("id")


class InboxQuerySet(models.QuerySet["InboxMessage", "InboxMessage"]):
    def for_merchant(self, merchant: "Merchant") -> Self:
        return self.filter(merchant_id=merchant.pk)

    def waiting(self, at: datetime) -> Self:
        return self.filter(status="waiting", available_at__lte=at).order_by("received_at")


EventManager = models.Manager.from_queryset(EventQuerySet)
InboxManager = models.Manager.from_queryset(InboxQuerySet)
