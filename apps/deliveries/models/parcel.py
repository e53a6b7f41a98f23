from datetime import datetime

from django.db import models

from apps.core.constraints import tenant
from apps.core.models import TenantModel
from apps.core.status import WithStatus
from apps.deliveries import choices
from apps.deliveries.dtos import StoredLabel
from apps.deliveries.managers import LabelManager, ParcelManager


class Parcel(TenantModel):
    """One box of a shipment; numbers start at 1."""

    shipment = models.ForeignKey("deliveries.Shipment", models.CASCADE, related_name="parcels")
    number = models.PositiveSmallIntegerField()
    weight_grams = models.PositiveIntegerField(default=0)
    delivered_at = models.DateTimeField(null=True, blank=True)

    objects = ParcelManager()

    class Meta:
        ordering = ("number",)
        constraints = (
            *tenant("deliveries_parcel", "shipment"),
            models.UniqueConstraint(fields=("shipment", "number"), name="deliveries_parcel_number"),
        )

    def __str__(self) -> str:
        return f"parcel {self.number}"


class Label(WithStatus, TenantModel):
    """Changed by the shipment's verbs only. `reference` is fixed before a carrier is asked (I-14),
    and a parcel has at most one label that is neither void nor expired (I-27)."""

    TRANSITIONS = choices.Label.TRANSITIONS

    shipment = models.ForeignKey("deliveries.Shipment", models.CASCADE, related_name="labels")
    parcel = models.ForeignKey(Parcel, models.CASCADE, related_name="labels")
    number = models.PositiveSmallIntegerField()
    reference = models.CharField(max_length=60)
    status = models.CharField(
        max_length=8, choices=choices.Label.Status.choices, default=choices.Label.Status.ASKED
    )
    format = models.CharField(
        max_length=4, choices=choices.Label.Format.choices, default=choices.Label.Format.PDF
    )
    file = models.FileField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(default=0)
    external_id = models.CharField(max_length=80, blank=True)
    tracking_number = models.CharField(max_length=60, blank=True)
    tracking_url = models.CharField(max_length=500, blank=True)
    # While a worker asks the carrier, nobody else does: they would buy another.
    held_until = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)
    voided_at = models.DateTimeField(null=True, blank=True)
    # When the carrier heard of it; until then it may still be asking money for it.
    void_told_at = models.DateTimeField(null=True, blank=True)

    objects = LabelManager()

    class Meta:
        ordering = ("number",)
        constraints = (
            *tenant("deliveries_label", "shipment", "parcel"),
            models.UniqueConstraint(
                fields=("merchant", "reference"), name="deliveries_label_reference"
            ),
            models.UniqueConstraint(fields=("shipment", "number"), name="deliveries_label_number"),
            models.UniqueConstraint(
                fields=("parcel",),
                condition=~models.Q(status__in=choices.Label.DEAD),
                name="deliveries_label_one_live",
            ),
        )
        indexes = (
            models.Index(
                fields=("updated_at",),
                condition=models.Q(status=choices.Label.Status.ASKED),
                name="deliveries_label_asked",
            ),
            models.Index(
                fields=("tracking_number",),
                condition=~models.Q(tracking_number=""),
                name="deliveries_label_tracking",
            ),
        )

    def __str__(self) -> str:
        return self.reference

    def fill(self, stored: StoredLabel, at: datetime) -> None:
        """In memory; the shipment's verb saves."""
        self.format, self.file.name = stored.format, stored.name
        self.sha256, self.size = stored.sha256, stored.size
        self.external_id, self.tracking_number = stored.external_id, stored.tracking_number
        self.tracking_url = stored.tracking_url
        self.made_at, self.expires_at, self.held_until = at, stored.expires_at, None
