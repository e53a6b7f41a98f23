from django.db import models

from apps.accounts.managers import CustomerManager
from apps.core.constraints import tenant
from apps.core.models import TenantModel
from apps.events.recorder import RecordsEvents


class Customer(RecordsEvents, TenantModel):
    """A shopper as one merchant knows them; `email` is stored stripped and in lower case."""

    email = models.CharField(max_length=254, blank=True)
    email_verified_at = models.DateTimeField(null=True, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    name = models.CharField(max_length=150, blank=True)
    external_id = models.CharField(max_length=80, blank=True)
    language = models.CharField(max_length=8, blank=True)
    tags = models.JSONField(default=list, blank=True)
    orders_count = models.PositiveIntegerField(default=0)
    returns_count = models.PositiveIntegerField(default=0)

    objects = CustomerManager()

    class Meta:
        constraints = (
            *tenant("accounts_customer"),
            models.UniqueConstraint(
                fields=("merchant", "email"),
                condition=~models.Q(email=""),
                name="accounts_customer_email",
            ),
            models.UniqueConstraint(
                fields=("merchant", "external_id"),
                condition=models.Q(email="") & ~models.Q(external_id=""),
                name="accounts_customer_external",
            ),
        )

    def __str__(self) -> str:
        return self.email or self.name or str(self.pk)
