"""An advance: value that goes out before the goods are seen, in parts, and how it ended."""

from django.db import models

from apps.core.constraints import AppendOnly, StatusMoves, tenant
from apps.core.models import MoneyOf, TenantModel
from apps.core.money import Money
from apps.core.status import WithStatus
from apps.orders import choices
from apps.orders.calculator.breakdown import Breakdown
from apps.orders.modules.advances.managers import (
    AdvanceConsentManager,
    AdvanceManager,
    AdvancePartManager,
)
from apps.underwriting import choices as underwriting


class Advance(TenantModel):
    """`amount` is all that was granted, new goods and the part after inspection included.

    Ended, it is `kept` (by right: the goods were accepted) + `short` (the shopper owes it) +
    `unwound` (taken back unused) + `unpaid` (never went out).
    """

    ret = models.OneToOneField("orders.Return", models.PROTECT, related_name="advance")
    assessment = models.ForeignKey(
        "underwriting.Assessment", models.PROTECT, related_name="advances"
    )
    method = models.CharField(max_length=14, choices=choices.Return.RefundMethod.choices)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    breakdown = models.JSONField()
    reclaimed = models.JSONField(default=list, blank=True)
    kept_minor = models.BigIntegerField(default=0)
    short_minor = models.BigIntegerField(default=0)
    unwound_minor = models.BigIntegerField(default=0)
    unpaid_minor = models.BigIntegerField(default=0)
    granted_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    amount = MoneyOf("amount_minor")
    kept = MoneyOf("kept_minor")
    short = MoneyOf("short_minor")
    unwound = MoneyOf("unwound_minor")
    unpaid = MoneyOf("unpaid_minor")

    objects = AdvanceManager()

    class Meta:
        constraints = (
            *tenant("orders_advance", "ret", "assessment"),
            models.CheckConstraint(
                condition=models.Q(
                    amount_minor__gt=0,
                    kept_minor__gte=0,
                    short_minor__gte=0,
                    unwound_minor__gte=0,
                    unpaid_minor__gte=0,
                ),
                name="orders_advance_sums",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True)
                | models.Q(
                    amount_minor=models.F("kept_minor")
                    + models.F("short_minor")
                    + models.F("unwound_minor")
                    + models.F("unpaid_minor")
                ),
                name="orders_advance_ends",
            ),
        )

    def __str__(self) -> str:
        return f"advance of {self.amount}"

    @property
    def tree(self) -> Breakdown:
        return Breakdown.from_json(self.breakdown)

    @property
    def out(self) -> Money:
        """What was released, paid or not yet."""
        return self._sum(self.parts.released())

    @property
    def dropped(self) -> Money:
        return self._sum(self.parts.filter(status=choices.Advance.PartStatus.CANCELLED))

    def _sum(self, parts: "models.QuerySet[AdvancePart]") -> Money:
        return Money.total((part.amount for part in parts), self.currency)


class AdvancePart(WithStatus, TenantModel):
    """What goes out at one rung; `reference` names its exposure hold."""

    TRANSITIONS = choices.Advance.PART_TRANSITIONS

    advance = models.ForeignKey(Advance, models.CASCADE, related_name="parts")
    rung = models.CharField(max_length=20, choices=underwriting.Rung.choices)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    reference = models.UUIDField()
    status = models.CharField(
        max_length=9,
        choices=choices.Advance.PartStatus.choices,
        default=choices.Advance.PartStatus.WAITING,
    )
    released_at = models.DateTimeField(null=True, blank=True)

    amount = MoneyOf("amount_minor")

    objects = AdvancePartManager()

    class Meta:
        ordering = ("id",)
        constraints = (
            *tenant("orders_advancepart", "advance"),
            StatusMoves(moves=choices.Advance.PART_TRANSITIONS, name="orders_advancepart_moves"),
            models.UniqueConstraint(
                fields=("merchant", "reference"), name="orders_advancepart_reference"
            ),
            models.CheckConstraint(
                condition=models.Q(amount_minor__gt=0), name="orders_advancepart_amount"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    status=choices.Advance.PartStatus.RELEASED, released_at__isnull=False
                )
                | (
                    ~models.Q(status=choices.Advance.PartStatus.RELEASED)
                    & models.Q(released_at__isnull=True)
                ),
                name="orders_advancepart_released",
            ),
        )

    def __str__(self) -> str:
        return f"{self.amount} at {self.rung}"


class AdvanceConsent(TenantModel):
    """What the shopper agreed to, word for word: `cap` is the most that may be asked back.

    Words of the first version name no end of the permission to charge: `charge_until` is empty.
    """

    ret = models.OneToOneField("orders.Return", models.PROTECT, related_name="advance_consent")
    version = models.CharField(max_length=20)
    language = models.CharField(max_length=2)
    text = models.TextField()
    currency = models.CharField(max_length=3)
    cap_minor = models.BigIntegerField()
    deadline = models.DateTimeField()
    charge_until = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField()

    cap = MoneyOf("cap_minor")

    objects = AdvanceConsentManager()

    class Meta:
        constraints = (
            *tenant("orders_advanceconsent", "ret"),
            AppendOnly(name="orders_advanceconsent_fixed"),
        )

    def __str__(self) -> str:
        return f"consent {self.version} up to {self.cap}"
