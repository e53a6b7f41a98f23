from datetime import datetime

from django.db import models

from apps.core.constraints import StatusMoves, tenant
from apps.core.errors import DomainError
from apps.core.models import AbstractTimeStampedUUID, MoneyOf, TenantModel
from apps.core.money import Money
from apps.core.status import WithStatus
from apps.events.recorder import RecordsEvents
from apps.underwriting import choices
from apps.underwriting.dtos import Cap
from apps.underwriting.managers import ExposureHoldManager, ExposureManager


class CapReached(DomainError):
    code = "exposure_cap_reached"
    title = "So much is advanced already that this would pass a cap"
    status = 409


class Exposure(AbstractTimeStampedUUID):
    """What is advanced and open on one slot: the row that is locked before more is granted (I-30).

    `limit` is the cap of the last grant. A slot may span merchants, so that no merchant sees it.
    """

    slot = models.CharField(max_length=120)
    scope = models.CharField(max_length=12, choices=choices.Exposure.Scope.choices)
    currency = models.CharField(max_length=3)
    used_minor = models.BigIntegerField(default=0)
    limit_minor = models.BigIntegerField(default=0)
    open_count = models.PositiveIntegerField(default=0)
    limit_count = models.PositiveIntegerField(default=0)

    used = MoneyOf("used_minor")
    limit = MoneyOf("limit_minor")

    objects = ExposureManager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("slot",), name="underwriting_exposure_slot"),
            models.CheckConstraint(
                condition=models.Q(
                    used_minor__gte=0,
                    used_minor__lte=models.F("limit_minor"),
                    open_count__lte=models.F("limit_count"),
                ),
                name="underwriting_exposure_within",
            ),
        )

    def __str__(self) -> str:
        return f"{self.scope} {self.used} of {self.limit}"

    def take(self, amount: Money, cap: Cap) -> None:
        """On the locked row, in memory; raises CapReached with the scope and nothing of others."""
        if self.used + amount > cap.amount or self.open_count + 1 > cap.count:
            raise CapReached(scope=str(self.scope))
        self.used += amount
        self.open_count += 1
        self.limit, self.limit_count = cap.amount, cap.count

    def give_back(self, amount: Money, *, closes: bool) -> None:
        self.used -= amount
        self.open_count -= int(closes)


class ExposureHold(WithStatus, RecordsEvents, TenantModel):
    """One advance on its slots: what of it is still open."""

    TRANSITIONS = choices.Hold.TRANSITIONS

    assessment = models.ForeignKey("underwriting.Assessment", models.PROTECT, related_name="holds")
    reference = models.UUIDField()
    request_id = models.UUIDField()
    rung = models.CharField(max_length=20, choices=choices.Rung.choices)
    status = models.CharField(
        max_length=8, choices=choices.Hold.Status.choices, default=choices.Hold.Status.HELD
    )
    currency = models.CharField(max_length=3)
    granted_minor = models.BigIntegerField()
    open_minor = models.BigIntegerField()
    slots = models.JSONField()
    granted_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True, blank=True)

    granted = MoneyOf("granted_minor")
    open = MoneyOf("open_minor")

    objects = ExposureHoldManager()

    class Meta:
        constraints = (
            *tenant("underwriting_exposurehold", "assessment"),
            StatusMoves(moves=choices.Hold.TRANSITIONS, name="underwriting_exposurehold_moves"),
            models.UniqueConstraint(
                fields=("merchant", "reference"), name="underwriting_exposurehold_reference"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    granted_minor__gt=0,
                    open_minor__gte=0,
                    open_minor__lte=models.F("granted_minor"),
                )
                & (
                    models.Q(status=choices.Hold.Status.HELD, open_minor__gt=0)
                    | models.Q(status=choices.Hold.Status.RELEASED, open_minor=0)
                ),
                name="underwriting_exposurehold_open",
            ),
        )
        indexes = (
            models.Index(fields=("merchant", "request_id"), name="underwriting_hold_request"),
        )

    def __str__(self) -> str:
        return f"{self.status} {self.open} of {self.granted}"

    def shrink(self, left: Money, at: datetime) -> None:
        """On the locked row, in memory."""
        self.open = left
        if not left:
            self.become(choices.Hold.Status.RELEASED)
            self.released_at = at
