from django.db import models

from apps.core.constraints import tenant
from apps.core.models import SoftDeletable, TenantModel
from apps.deliveries.managers import DropOffPointManager


class DropOffPoint(SoftDeletable, TenantModel):
    """A shop that takes parcels over the counter; `address` has the keys of dtos.Address."""

    store = models.ForeignKey("accounts.Store", models.CASCADE, related_name="drop_off_points")
    location = models.ForeignKey(
        "accounts.Location", models.PROTECT, null=True, blank=True, related_name="+"
    )
    name = models.CharField(max_length=100)
    address = models.JSONField()
    opening_hours = models.JSONField(default=list, blank=True)
    is_active = models.BooleanField(default=True)

    objects = DropOffPointManager()

    class Meta:
        ordering = ("name", "id")
        constraints = (*tenant("deliveries_dropoffpoint", "store", "location"),)

    def __str__(self) -> str:
        return self.name

    @property
    def postcode(self) -> str:
        return "".join(str(self.address.get("postcode", "")).split()).upper()
