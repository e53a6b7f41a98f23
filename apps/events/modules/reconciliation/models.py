"""What the queries found, kept until it is gone and after, and when they were asked."""

from typing import TYPE_CHECKING

import pghistory
from django.db import models

from apps.core import clock
from apps.core.constraints import StatusMoves
from apps.core.errors import DomainError
from apps.core.ids import uuid7
from apps.core.models import AbstractTimeStampedUUID
from apps.core.status import WithStatus
from apps.core.verbs import verb
from apps.events import choices
from apps.events.modules.reconciliation.managers import (
    ReconciliationItemManager,
    ReconciliationRunManager,
)

if TYPE_CHECKING:
    from apps.users.models import User


class ReasonMissing(DomainError):
    code = "explanation_missing"
    title = "An explanation says why the finding may stay"
    status = 400


@pghistory.track(
    fields=["status", "owner", "note"],
    model_name="ReconciliationItemEvent",
    obj_field=pghistory.ObjForeignKey(related_name="events"),
)
class ReconciliationItem(WithStatus, AbstractTimeStampedUUID):
    """One finding: found again it is the same row, gone it resolves by itself, never deleted.

    `merchant_id` is empty where the fault is the platform's own; `subject` is an id or a name.
    """

    TRANSITIONS = choices.ReconciliationItem.TRANSITIONS

    query = models.CharField(max_length=80)
    invariant = models.CharField(max_length=8)
    what = models.CharField(max_length=200)
    subject_type = models.CharField(max_length=60, blank=True)
    subject = models.CharField(max_length=100)
    merchant_id = models.UUIDField(null=True)
    status = models.CharField(
        max_length=9,
        choices=choices.ReconciliationItem.Status.choices,
        default=choices.ReconciliationItem.Status.OPEN,
    )
    owner = models.ForeignKey("users.User", models.PROTECT, null=True, blank=True, related_name="+")
    note = models.CharField(max_length=1000, blank=True)
    first_seen_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    times_opened = models.PositiveIntegerField(default=1)

    objects = ReconciliationItemManager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("query", "subject"), name="events_reconciliation_once"),
            StatusMoves(
                moves=choices.ReconciliationItem.TRANSITIONS, name="events_reconciliation_moves"
            ),
            models.CheckConstraint(
                condition=~models.Q(status=choices.ReconciliationItem.Status.EXPLAINED)
                | ~models.Q(note=""),
                name="events_reconciliation_reason",
            ),
        )
        indexes = (
            models.Index(
                fields=("invariant", "id"),
                condition=~models.Q(status=choices.ReconciliationItem.Status.RESOLVED),
                name="events_reconciliation_todo",
            ),
        )

    def __str__(self) -> str:
        return f"{self.invariant} {self.what}: {self.subject}"

    @verb
    def take(self, owner: "User", note: str = "") -> None:
        """Somebody looks; taken from a colleague it has a new owner."""
        self.become(choices.ReconciliationItem.Status.TAKEN)
        self.owner, self.note = owner, note or self.note

    @verb
    def explain(self, owner: "User", note: str) -> None:
        """It is right as it is, or accepted: it stays, and alarms nobody. Raises ReasonMissing."""
        if not note.strip():
            raise ReasonMissing(item=str(self.pk))
        self.become(choices.ReconciliationItem.Status.EXPLAINED)
        self.owner, self.note = owner, note


class ReconciliationRun(models.Model):
    """One asking of every query; `figures` has a row for each with what it found and how long."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    started_at = models.DateTimeField(default=clock.now)
    done_at = models.DateTimeField(null=True, blank=True)
    asked_by = models.ForeignKey(
        "users.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    figures = models.JSONField(default=list, blank=True)
    queries = models.PositiveIntegerField(default=0)
    found = models.PositiveIntegerField(default=0)
    opened = models.PositiveIntegerField(default=0)
    resolved = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    milliseconds = models.PositiveIntegerField(default=0)

    objects = ReconciliationRunManager()

    class Meta:
        indexes = (models.Index(fields=("started_at",), name="events_reconciliation_run"),)

    def __str__(self) -> str:
        return f"reconciliation of {self.started_at:%Y-%m-%d %H:%M}"
