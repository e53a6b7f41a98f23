from django.db import models

from apps.core.constraints import AppendOnly, tenant
from apps.core.models import MoneyOf, TenantModel
from apps.underwriting import choices
from apps.underwriting.managers import OutcomeManager


class Outcome(TenantModel):
    """How an advance ended; one row of each kind for an assessment, and none is taken back."""

    assessment = models.ForeignKey(
        "underwriting.Assessment", models.PROTECT, related_name="outcomes"
    )
    shopper_mark = models.ForeignKey(
        "underwriting.Identity", models.PROTECT, null=True, db_index=False, related_name="+"
    )
    kind = models.CharField(max_length=10, choices=choices.Outcome.Kind.choices)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    at = models.DateTimeField()

    amount = MoneyOf("amount_minor")

    objects = OutcomeManager()

    class Meta:
        constraints = (
            *tenant("underwriting_outcome", "assessment"),
            models.UniqueConstraint(
                fields=("merchant", "assessment", "kind"), name="underwriting_outcome_once"
            ),
            models.CheckConstraint(
                condition=models.Q(amount_minor__gte=0), name="underwriting_outcome_amount"
            ),
            AppendOnly(name="underwriting_outcome_fixed"),
        )
        indexes = (
            models.Index(fields=("shopper_mark", "at"), name="underwriting_outcome_shopper"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"
