from datetime import datetime
from functools import partial

from django.db import models, transaction

from apps.core.constraints import tenant
from apps.core.models import TenantModel
from apps.core.status import WithStatus
from apps.core.verbs import verb
from apps.events.recorder import RecordsEvents
from apps.orders import choices
from apps.orders.managers import ImportIssueManager, ImportJobManager


class ImportJob(WithStatus, RecordsEvents, TenantModel):
    """A file on its way in; `counts` says what became of its rows, issues name each refused one."""

    TRANSITIONS = choices.ImportJob.TRANSITIONS

    store = models.ForeignKey("accounts.Store", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=choices.ImportJob.Kind.choices)
    status = models.CharField(
        max_length=8,
        choices=choices.ImportJob.Status.choices,
        default=choices.ImportJob.Status.WAITING,
    )
    file_name = models.CharField(max_length=200)
    file = models.FileField(upload_to="imports/")
    file_hash = models.CharField(max_length=64)
    options = models.JSONField(default=dict, blank=True)
    rows_total = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict, blank=True)
    failure = models.CharField(max_length=300, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    objects = ImportJobManager()

    class Meta:
        constraints = (*tenant("orders_importjob", "store"),)

    def __str__(self) -> str:
        return f"{self.file_name} ({self.status})"

    @verb
    def begin(self, at: datetime) -> None:
        self.become(choices.ImportJob.Status.RUNNING)
        self.started_at = self.started_at or at

    @verb
    def finish(self, counts: dict[str, int], at: datetime) -> None:
        self.become(choices.ImportJob.Status.DONE)
        self.counts = counts
        self.done_at = at

    @verb
    def fail(self, why: str, at: datetime) -> None:
        self.become(choices.ImportJob.Status.FAILED)
        self.failure = why[:300]
        self.done_at = at

    @verb
    def drop_file(self) -> None:
        """It was read, and nothing needs it any more; its hash stays, and the codes of issues,
        without the cells that they quote."""
        if self.file:
            transaction.on_commit(partial(self.file.storage.delete, str(self.file.name)))
        self.file = ""
        self.issues.exclude(message="").update(message="")


class ImportIssue(TenantModel):
    """A row that was refused, unmatched or taken with a flag: its line in the file and why."""

    job = models.ForeignKey(ImportJob, models.CASCADE, related_name="issues")
    line_number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10)
    code = models.CharField(max_length=60)
    message = models.CharField(max_length=300)

    objects = ImportIssueManager()

    class Meta:
        ordering = ("line_number", "id")
        constraints = (
            *tenant("orders_importissue", "job"),
            models.UniqueConstraint(
                fields=("job", "line_number", "code"), name="orders_importissue_once"
            ),
        )

    def __str__(self) -> str:
        return f"line {self.line_number}: {self.code}"
