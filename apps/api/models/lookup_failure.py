from django.db import models

from apps.accounts.models import Store
from apps.api.managers import LookupFailureManager
from apps.core.constraints import tenant
from apps.core.models import TenantModel


class LookupFailure(TenantModel):
    """A guess that found nothing, kept 30 days; the number is hashed, since it may be another's."""

    store = models.ForeignKey(Store, models.CASCADE, related_name="+")
    number_hash = models.CharField(max_length=64)
    network = models.CharField(max_length=50)

    objects = LookupFailureManager()

    class Meta:
        constraints = (*tenant("api_lookupfailure", "store"),)
        indexes = (models.Index(fields=("created_at",), name="api_lookupfailure_created"),)

    def __str__(self) -> str:
        return f"miss from {self.network}"
