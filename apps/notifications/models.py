"""A message to a shopper: one for each event that is told."""

from datetime import datetime

from django.conf import settings
from django.db import models

from apps.core.constraints import tenant
from apps.core.models import TenantModel
from apps.core.verbs import verb
from apps.notifications.managers import MessageManager


class Message(TenantModel):
    """Neither address nor text stand here: both are read from the order when it goes out."""

    event_id = models.UUIDField()
    kind = models.CharField(max_length=60)
    taken_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    is_sent = models.BooleanField(default=False)

    objects = MessageManager()

    class Meta:
        constraints = (
            *tenant("notifications_message"),
            models.UniqueConstraint(
                fields=("merchant", "event_id"), name="notifications_message_once"
            ),
        )
        indexes = (
            models.Index(
                fields=("created_at",),
                condition=models.Q(done_at__isnull=True),
                name="notifications_message_waiting",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} of {self.event_id}"

    @verb
    def take(self, at: datetime) -> bool:
        """To be sent by the caller alone; False when it is done, or at work elsewhere."""
        at_work = self.taken_at is not None and at < self.taken_at + settings.TASK_LEASE
        if self.done_at is not None or at_work:
            return False
        self.taken_at = at
        return True

    @verb
    def finish(self, at: datetime, *, sent: bool) -> None:
        """Not sent where there is nobody to send it to."""
        self.done_at, self.is_sent = at, sent
