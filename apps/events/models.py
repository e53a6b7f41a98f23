"""What happened (also the outbox) and what came in from outside (the inbox)."""

from datetime import datetime

import pgtrigger
from django.db import models

from apps.core import clock
from apps.core.ids import uuid7
from apps.events import choices
from apps.events.managers import EventManager, InboxManager, JobRunManager


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
        # What happened is never rewritten or deleted; only its delivery moves on.
        triggers = (
            pgtrigger.ReadOnly(
                name="events_event_facts", exclude=["announced_at", "attempts", "available_at"]
            ),
            pgtrigger.Protect(name="events_event_keep", operation=pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"{self.kind} #{self.sequence}"

    @property
    def is_parked(self) -> bool:
        return self.announced_at is None and self.attempts >= choices.MAX_ATTEMPTS

    def retell(self, at: datetime) -> bool:
        """Give a parked event its attempts back; False when it is not parked."""
        mine = Event.objects.parked().filter(pk=self.pk)
        return bool(mine.update(attempts=0, available_at=at))


class InboxMessage(models.Model):
    """A webhook as it came, raw; unique per source, account and event id (I-47)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    merchant_id = models.UUIDField()
    source = models.CharField(max_length=40)
    account = models.CharField(max_length=80)
    environment = models.CharField(
        max_length=8,
        choices=choices.InboxMessage.Environment.choices,
        default=choices.InboxMessage.Environment.LIVE,
    )
    event_id = models.CharField(max_length=200)
    topic = models.CharField(max_length=80, blank=True)
    body = models.BinaryField()
    body_hash = models.CharField(max_length=64)
    is_thin = models.BooleanField(default=False)
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
            # Where the id is outside the signature, the same body under another id is a replay.
            models.UniqueConstraint(
                fields=("merchant_id", "source", "environment", "account", "topic", "body_hash"),
                condition=models.Q(is_thin=False),
                name="events_inbox_same_body",
            ),
        )
        indexes = (
            models.Index(
                fields=("available_at",),
                condition=models.Q(status=choices.InboxMessage.Status.WAITING),
                name="events_inbox_waiting",
            ),
            models.Index(
                fields=("received_at",),
                condition=models.Q(status=choices.InboxMessage.Status.PARKED),
                name="events_inbox_parked",
            ),
        )

    def __str__(self) -> str:
        return f"{self.source} {self.topic} {self.event_id}"

    @property
    def raw(self) -> bytes:
        return bytes(self.body)

    def finish(self, at: datetime) -> None:
        """Done by the holder of this lease; an older holder's `attempts` no longer match (I-49)."""
        self._settle(status=choices.InboxMessage.Status.DONE, done_at=at, last_error="")

    def fail(self, error: str, at: datetime) -> bool:
        """Keep the error; True when this was the last attempt and the message is parked."""
        parked = self.attempts >= choices.MAX_ATTEMPTS
        waiting = choices.InboxMessage.Status.WAITING
        status = choices.InboxMessage.Status.PARKED if parked else waiting
        again = at + choices.delay_after(self.attempts)
        self._settle(status=status, last_error=error[:300], available_at=again)
        return parked

    def replay(self, at: datetime) -> bool:
        """A person mended what failed: the message waits again; False when it is not parked."""
        mine = InboxMessage.objects.parked().filter(pk=self.pk)
        waiting = choices.InboxMessage.Status.WAITING
        return bool(mine.update(status=waiting, attempts=0, available_at=at))

    def _settle(self, **values: object) -> None:
        mine = InboxMessage.objects.filter(
            pk=self.pk, attempts=self.attempts, status=choices.InboxMessage.Status.WAITING
        )
        if mine.update(**values):
            for name, value in values.items():
                setattr(self, name, value)


class JobRun(models.Model):
    """One slot of a periodic job: UNIQUE (job, slot) makes a second beat harmless (S-37)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    job = models.CharField(max_length=80)
    slot = models.DateTimeField()
    started_at = models.DateTimeField(default=clock.now)
    done_at = models.DateTimeField(null=True, blank=True)

    objects = JobRunManager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("job", "slot"), name="events_jobrun_slot"),)

    def __str__(self) -> str:
        return f"{self.job} {self.slot:%Y-%m-%d %H:%M:%S}"
