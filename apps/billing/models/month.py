from django.db import models

from apps.billing.managers import ClosedMonthManager
from apps.core.constraints import AppendOnly, tenant
from apps.core.models import TenantModel


class ClosedMonth(TenantModel):
    """Written in the transaction that closes a month: no month of a merchant is closed twice."""

    period = models.DateField()
    invoices_count = models.PositiveSmallIntegerField()

    objects = ClosedMonthManager()

    class Meta:
        constraints = (
            *tenant("billing_closedmonth"),
            models.UniqueConstraint(fields=("merchant", "period"), name="billing_closedmonth_once"),
            AppendOnly(name="billing_closedmonth_fixed"),
        )

    def __str__(self) -> str:
        return f"{self.period:%Y-%m}"
