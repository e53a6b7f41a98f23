from django.db import models

from apps.accounts.models import Store
from apps.api.managers import EvidenceManager
from apps.core.constraints import tenant
from apps.core.models import TenantModel


class Evidence(TenantModel):
    """A shopper's photo of goods of one order: a JPEG of our own making, without metadata."""

    store = models.ForeignKey(Store, models.CASCADE, related_name="+")
    order = models.ForeignKey("orders.Order", models.CASCADE, related_name="+")
    file = models.FileField(max_length=120)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()

    objects = EvidenceManager()

    class Meta:
        verbose_name_plural = "evidence"
        constraints = (*tenant("api_evidence", "store", "order"),)
        indexes = (models.Index(fields=("created_at",), name="api_evidence_created"),)

    def __str__(self) -> str:
        return f"photo {self.pk}"
