from django.db import models

from apps.billing import choices
from apps.billing.constraints import FixedFee
from apps.billing.managers import FeeManager
from apps.core.constraints import tenant
from apps.core.models import MoneyOf, TenantModel


class Fee(TenantModel):
    """One thing to be billed, net of VAT: once for each kind and subject, and never changed (I-29).

    `reference` tells fees of one subject apart, as the months of a subscription.
    """

    kind = models.CharField(max_length=12, choices=choices.Fee.Kind.choices)
    vat_class = models.CharField(max_length=8, choices=choices.Vat.Class.choices)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    description = models.CharField(max_length=140)
    subject_type = models.CharField(max_length=60)
    subject_id = models.UUIDField()
    reference = models.CharField(max_length=40, blank=True)
    event_id = models.UUIDField(null=True, blank=True)
    occurred_at = models.DateTimeField()
    period = models.DateField()
    invoice = models.ForeignKey(
        "billing.Invoice", models.PROTECT, null=True, blank=True, related_name="fees"
    )

    amount = MoneyOf("amount_minor")

    objects = FeeManager()

    class Meta:
        constraints = (
            *tenant("billing_fee", "invoice"),
            models.UniqueConstraint(
                fields=("merchant", "kind", "subject_type", "subject_id", "reference"),
                name="billing_fee_once",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=choices.Fee.BELOW_ZERO, amount_minor__lt=0)
                | ~models.Q(kind__in=choices.Fee.BELOW_ZERO) & models.Q(amount_minor__gt=0),
                name="billing_fee_sign",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    kind__in=choices.Fee.OUTSIDE, vat_class=choices.Vat.Class.OUTSIDE
                )
                | ~models.Q(kind__in=choices.Fee.OUTSIDE)
                & models.Q(vat_class=choices.Vat.Class.SERVICE),
                name="billing_fee_vat",
            ),
            FixedFee(name="billing_fee_fixed"),
        )
        indexes = (
            models.Index(fields=("merchant", "-id"), name="billing_fee_list"),
            models.Index(
                fields=("merchant", "period"),
                condition=models.Q(invoice__isnull=True),
                name="billing_fee_open",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount}"
