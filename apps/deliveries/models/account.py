from collections.abc import Mapping

from django.db import models

from apps.core.constraints import tenant
from apps.core.fields import Sealed, SealedField
from apps.core.models import SoftDeletable, TenantModel
from apps.deliveries import choices
from apps.deliveries.managers import CarrierAccountManager


class CarrierAccount(SoftDeletable, TenantModel):
    """The merchant's contract with a carrier, as one store uses it."""

    store = models.ForeignKey("accounts.Store", models.CASCADE, related_name="carrier_accounts")
    provider = models.CharField(max_length=20, choices=choices.Provider.choices)
    name = models.CharField(max_length=100)
    credentials = SealedField(null=True, blank=True)
    is_test = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)

    objects = CarrierAccountManager()

    class Meta:
        constraints = (*tenant("deliveries_carrieraccount", "store"),)

    def __str__(self) -> str:
        return self.name

    @property
    def is_usable(self) -> bool:
        return self.is_active and self.deleted is None

    @property
    def _aad(self) -> str:
        return f"{self._meta.db_table}:{self.pk}"

    def seal(self, credentials: Mapping[str, str]) -> None:
        """In memory; the caller saves."""
        self.credentials = Sealed.seal(dict(credentials), self._aad)

    def unseal(self) -> dict[str, str]:
        if self.credentials is None:
            return {}
        opened: dict[str, str] = self.credentials.open(self._aad)
        return opened
