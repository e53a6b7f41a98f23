"""Direct debits of invoices, and the SEPA files that carry them."""

from django.db import models

from apps.billing import choices
from apps.billing.managers import DirectDebitFileManager, DirectDebitManager
from apps.core.constraints import AppendOnly, StatusMoves, tenant
from apps.core.fields import SealedField
from apps.core.models import AbstractTimeStampedUUID, MoneyOf, TenantModel
from apps.core.status import WithStatus
from apps.core.verbs import verb


class DirectDebitFile(AbstractTimeStampedUUID):
    """A pain.008 file of the platform, over all merchants; kept sealed, so it is made once."""

    message_id = models.CharField(max_length=35, unique=True)
    collect_on = models.DateField()
    currency = models.CharField(max_length=3, default="EUR")
    total_minor = models.BigIntegerField()
    debits_count = models.PositiveIntegerField()
    file = SealedField()
    file_hash = models.CharField(max_length=64)
    made_by = models.ForeignKey("users.User", models.PROTECT, related_name="+")

    total = MoneyOf("total_minor")

    objects = DirectDebitFileManager()

    class Meta:
        constraints = (AppendOnly(name="billing_directdebitfile_fixed"),)

    def __str__(self) -> str:
        return f"{self.debits_count} direct debits, {self.total}"


class DirectDebit(WithStatus, TenantModel):
    """One invoice in one file; refused, the invoice may be tried again in a later one."""

    TRANSITIONS = choices.DirectDebit.TRANSITIONS

    file = models.ForeignKey(DirectDebitFile, models.PROTECT, related_name="debits")
    invoice = models.ForeignKey("billing.Invoice", models.PROTECT, related_name="debits")
    end_to_end_id = models.CharField(max_length=35, unique=True)
    status = models.CharField(
        max_length=9,
        choices=choices.DirectDebit.Status.choices,
        default=choices.DirectDebit.Status.SENT,
    )
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    failure_code = models.CharField(max_length=60, blank=True)

    amount = MoneyOf("amount_minor")

    objects = DirectDebitManager()

    class Meta:
        ordering = ("id",)
        constraints = (
            *tenant("billing_directdebit", "invoice"),
            models.UniqueConstraint(
                fields=("invoice",),
                condition=models.Q(status=choices.DirectDebit.Status.SENT),
                name="billing_directdebit_one_sent",
            ),
            models.CheckConstraint(
                condition=models.Q(amount_minor__gt=0), name="billing_directdebit_amount"
            ),
            StatusMoves(moves=choices.DirectDebit.TRANSITIONS, name="billing_directdebit_moves"),
        )

    def __str__(self) -> str:
        return self.end_to_end_id

    @verb
    def settle(self, status: str, code: str = "") -> None:
        self.become(status)
        self.failure_code = code
