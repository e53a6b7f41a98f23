from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models

from apps.core.constraints import StatusMoves, tenant
from apps.core.errors import DomainError
from apps.core.models import TenantModel
from apps.core.status import WithStatus
from apps.core.verbs import verb
from apps.events.recorder import RecordsEvents
from apps.underwriting import choices
from apps.underwriting.managers import OverrideManager

if TYPE_CHECKING:
    from apps.underwriting.models.assessment import Assessment
    from apps.users.models import User


class SecondPersonRequired(DomainError):
    code = "second_person_required"
    title = "Above this value somebody else must approve"
    status = 403


class AssessmentSuperseded(DomainError):
    code = "assessment_superseded"
    title = "The request was decided anew since; take the newest decision"
    status = 409


class Override(WithStatus, RecordsEvents, TenantModel):
    """Staff wish another rung for one request, and say why; approved, it becomes its next version.

    It moves no cap: what is reserved must fit like any other advance.
    """

    TRANSITIONS = choices.Override.TRANSITIONS

    assessment = models.ForeignKey(
        "underwriting.Assessment", models.PROTECT, related_name="overrides"
    )
    rung = models.CharField(max_length=20, choices=choices.Rung.choices)
    reason = models.CharField(max_length=1000)
    status = models.CharField(
        max_length=8, choices=choices.Override.Status.choices, default=choices.Override.Status.ASKED
    )
    needs_second_person = models.BooleanField()
    asked_by = models.ForeignKey("users.User", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey("users.User", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = OverrideManager()

    class Meta:
        constraints = (
            *tenant("underwriting_override", "assessment"),
            StatusMoves(moves=choices.Override.TRANSITIONS, name="underwriting_override_moves"),
            models.CheckConstraint(
                condition=~models.Q(reason=""), name="underwriting_override_reason"
            ),
            models.CheckConstraint(
                condition=~models.Q(status=choices.Override.Status.APPROVED)
                | models.Q(needs_second_person=False)
                | (models.Q(decided_by__isnull=False) & ~models.Q(decided_by=models.F("asked_by"))),
                name="underwriting_override_second_person",
            ),
        )

    def __str__(self) -> str:
        return f"{self.rung}: {self.reason[:60]}"

    @verb
    def approve(self, by: "User", at: datetime) -> "Assessment":
        """Writes the next version of the assessment. Raises SecondPersonRequired, or
        AssessmentSuperseded when the request was decided anew since."""
        if self.needs_second_person and by.pk == self.asked_by_id:
            raise SecondPersonRequired(asked_by=str(self.asked_by_id))
        self._conclude(choices.Override.Status.APPROVED, by, at)
        self.record(choices.Event.OVERRIDE_APPROVED, rung=self.rung, by=str(by.pk))
        if self.assessment.is_superseded():
            raise AssessmentSuperseded(request=str(self.assessment.request_id))
        return self.assessment.overridden(self, at)

    @verb
    def refuse(self, by: "User", at: datetime) -> None:
        self._conclude(choices.Override.Status.REFUSED, by, at)
        self.record(choices.Event.OVERRIDE_REFUSED, rung=self.rung, by=str(by.pk))

    def _conclude(self, status: str, by: "User", at: datetime) -> None:
        self.become(status)
        self.decided_by, self.decided_at = by, at
