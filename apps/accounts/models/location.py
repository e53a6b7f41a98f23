from django.db import models

from apps.accounts.managers import LocationManager
from apps.core.constraints import tenant
from apps.core.models import SoftDeletable, TenantModel


class Location(SoftDeletable, TenantModel):
    """A warehouse or shop; `address` has the keys of integrations.dtos.Address."""

    name = models.CharField(max_length=100)
    address = models.JSONField()
    accepts_returns = models.BooleanField(default=True)
    is_default = models.BooleanField(default=False)
    is_donation = models.BooleanField(default=False)
    is_drop_off = models.BooleanField(default=False)
    external_id = models.CharField(max_length=80, blank=True)

    objects = LocationManager()

    class Meta:
        constraints = (*tenant("accounts_location"),)

    def __str__(self) -> str:
        return self.name
