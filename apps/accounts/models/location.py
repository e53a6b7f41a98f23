from datetime import datetime

from django.db import models

from apps.accounts.managers import LocationManager
from apps.core.constraints import tenant
from apps.core.models import SoftDeletable, TenantModel
from apps.core.verbs import verb


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
        constraints = (
            *tenant("accounts_location"),
            models.UniqueConstraint(
                fields=("merchant", "name"),
                condition=models.Q(deleted__isnull=True),
                name="accounts_location_name",
            ),
            models.UniqueConstraint(
                fields=("merchant",),
                condition=models.Q(is_default=True, deleted__isnull=True),
                name="accounts_location_default",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @verb
    def make_default(self) -> None:
        others = Location.objects.filter(merchant_id=self.merchant_id, is_default=True)
        others.exclude(pk=self.pk).update(is_default=False)
        self.is_default = True

    @verb
    def retire(self, at: datetime) -> None:
        """Soft deletion: parcels under way still name it; it is no default any more."""
        if self.deleted is None:
            self.deleted, self.is_default = at, False
