from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models

from apps.core.managers import TenantQuerySet

if TYPE_CHECKING:
    from apps.notifications.models import Message


class MessageQuerySet(TenantQuerySet["Message"]):
    def left_behind(self, since: datetime) -> Self:
        """Not done, and not at work since then."""
        idle = models.Q(taken_at=None) | models.Q(taken_at__lte=since)
        return self.filter(idle, done_at=None, created_at__lte=since).order_by("id")


MessageManager = models.Manager.from_queryset(MessageQuerySet)
