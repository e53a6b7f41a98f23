"""An assessment is written once: each later word on the request is a row of the next version."""

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import IntegrityError, models, transaction

from apps.core.ids import uuid7
from apps.core.money import Money
from apps.underwriting import choices
from apps.underwriting.dtos import Decision, Finding
from apps.underwriting.modules.engine import rank
from apps.underwriting.modules.facts import findings_json

if TYPE_CHECKING:
    from apps.underwriting.models.assessment import Assessment
    from apps.underwriting.models.override import Override

VERSION = "underwriting_assessment_version"
TRIES = 5


class VersionsMixin(models.Model):
    if TYPE_CHECKING:
        merchant_id: UUID
        request_id: UUID
        version: int
        at: datetime
        status: str
        rung: str
        score: int
        reasons: list[dict[str, Any]]
        now_minor: int
        at_scan_minor: int
        at_delivery_minor: int
        at_inspection_minor: int
        value: Money
        override: Override | None

    class Meta:
        abstract = True

    def take(self, decision: Decision) -> None:
        """Rung, status, score, reasons and limits, before the row is first saved."""
        statuses = choices.Assessment.Status
        self.rung = decision.rung
        self.status = statuses.OFFERED if decision.is_offered else statuses.DECLINED
        self.score = decision.score
        self.reasons = findings_json(decision.findings)
        limits = [decision.limits[rung].minor for rung in choices.RUNGS]
        self.now_minor, self.at_scan_minor, self.at_delivery_minor = limits[:-1]
        self.at_inspection_minor = limits[-1]

    def write(self, tries: int = TRIES) -> None:
        """Insert it as the next version of its request; two at once get one number each."""
        self.version = self._versions().next_version(self.merchant_id, self.request_id)
        try:
            with transaction.atomic():
                self.save(force_insert=True)
        except IntegrityError as taken:
            if tries == 1 or VERSION not in str(taken):
                raise
            self.write(tries - 1)

    def is_superseded(self) -> bool:
        last = self._versions().next_version(self.merchant_id, self.request_id) - 1
        return bool(self.version != last)

    def overridden(self, override: "Override", at: datetime) -> "Assessment":
        """The same facts with the rung that staff chose: all of the value from there on."""
        from apps.underwriting.models.assessment import Assessment

        same = {
            field.attname: getattr(self, field.attname)
            for field in self._meta.concrete_fields
            if field.name not in ("id", "created_at", "updated_at")
        }
        row = Assessment(**{**same, "id": uuid7(), "at": at, "override_id": override.pk})
        row.take(self._chosen(override.rung))
        row.reasons += self.reasons
        row.write()
        return row

    def _chosen(self, rung: str) -> Decision:
        zero = Money.zero(self.value.currency)
        whole = self.value.at_least_zero()
        limits = {each: whole if rank(each) >= rank(rung) else zero for each in choices.RUNGS}
        return Decision(
            rung=rung if whole else choices.Rung.PAY_AT_INSPECTION,
            limits=limits,
            score=self.score,
            findings=(Finding(choices.Reason.OVERRIDDEN),),
        )

    @staticmethod
    def _versions() -> Any:
        from apps.underwriting.models.assessment import Assessment

        return Assessment.objects
