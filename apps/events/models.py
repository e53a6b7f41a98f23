"""What happened (also the outbox) and what came in from outside (the inbox)."""

from django.db import models

from apps.core import clock
from apps.core.ids import uuid7
from apps.events import choices
from apps.events.managers import EventManager, InboxManager


class Event(models.Model):
    """Written in the transaction of the change it tells; ids instead of foreign keys on purpose."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    merchant_id = models.UUIDField()
    subject_type = models.CharField(max_length=60)
    subject_id = models.UUIDField()
    sequence = models.PositiveIntegerField()
    kind = models.CharField(max_length=60)
    payload = models.JSONField(default=dict)
    actor_kind = models.CharField(max_length=16, choices=choices.Event.Actor.choices)
    actor_id = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField(default=clock.now)
    announced_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    available_at = models.DateTimeField(default=clock.now)

    objects = EventManager()

    class Meta:
        ordering = ("at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("subject_type", "subject_id", "sequence"), name="events_event_sequence"
            ),
        )
        indexes = (
            models.Index(fields=("merchant_id", "-id"), name="events_event_merchant"),
            models.Index(
                fields=("available_at",),
                condition=models.Q(announced_at__isnull=True),
                name="events_event_unannounced",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} #{self.sequence}"


class InboxMessage(models.Model):
    """A webhook as it came, raw; unique per source, account and event id (I-47)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    merchant_id = models.UUIDField()
    source = models.CharField(max_length=40)
    account = models.CharField(max_length=80)
    environment = models.CharField(max_length=8, default="live")
    event_id = models.CharField(max_length=200)
    topic = models.CharField(max_length=80, blank=True)
    body = models.BinaryField()
    body_hash = models.CharField(max_length=64)
    status = models.CharField(
        max_length=8,
        choices=choices.InboxMessage.Status.choices,
        default=choices.InboxMessage.Status.WAITING,
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)
    received_at = models.DateTimeField(default=clock.now)
    available_at = models.DateTimeField(default=clock.now)
    done_at = models.DateTimeField(null=True, blank=True)

    objects = InboxManager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("merchant_id", "source", "environment", "account", "event_id"),
                name="events_inbox_once",
            ),
        )
        indexes = (
            models.Index(
                fields=("available_at",),
                condition=models.Q(status=choices.InboxMessage.Status.WAITING),
                name="events_inbox_waiting",
            ),
        )

    def __str__(self) -> str:
        return f"{self.source} {self.topic} {self.event_id}"


class JobRun(models.Model):
    """One slot of a periodic job: UNIQUE (job, slot) makes a second beat harmless (S-37)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    job = models.CharField(max_length=80)
    slot = models.DateTimeField()
    started_at = models.DateTimeField(default=clock.now)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("job", "slot"), name="events_jobrun_slot"),)

    def __str__(self) -> str:
        return f"{self.job} {self.slot:%Y-%m-%d %H:%M:%S}"
