from django.db import models

from apps.core.constraints import tenant
from apps.core.models import TenantModel
from apps.deliveries import choices
from apps.deliveries.managers import TrackingEventManager


class TrackingEvent(TenantModel):
    """A scan as the carrier told it, once; `external_id` is its id there or a hash of the scan."""

    shipment = models.ForeignKey("deliveries.Shipment", models.CASCADE, related_name="events")
    parcel = models.ForeignKey(
        "deliveries.Parcel", models.CASCADE, null=True, blank=True, related_name="+"
    )
    external_id = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=choices.Tracking.Kind.choices)
    at = models.DateTimeField()
    raw_code = models.CharField(max_length=60, blank=True)
    description = models.CharField(max_length=300, blank=True)
    place = models.CharField(max_length=120, blank=True)

    objects = TrackingEventManager()

    class Meta:
        ordering = ("at", "id")
        constraints = (
            *tenant("deliveries_trackingevent", "shipment", "parcel"),
            models.UniqueConstraint(
                fields=("shipment", "external_id"), name="deliveries_trackingevent_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M}"
