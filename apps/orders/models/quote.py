from datetime import datetime

from django.db import models

from apps.core.constraints import tenant
from apps.core.models import TenantModel
from apps.orders.managers import QuoteManager


class Quote(TenantModel):
    """What a shopper was shown: the request, the frozen terms and one breakdown per option."""

    store = models.ForeignKey("accounts.Store", models.CASCADE, related_name="+")
    order = models.ForeignKey("orders.Order", models.CASCADE, related_name="quotes")
    order_version = models.PositiveIntegerField()
    policy_version = models.PositiveIntegerField()
    currency = models.CharField(max_length=3)
    request = models.JSONField()
    terms = models.JSONField()
    options = models.JSONField()
    assessment = models.ForeignKey(
        "underwriting.Assessment", models.PROTECT, null=True, blank=True, related_name="+"
    )
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    objects = QuoteManager()

    class Meta:
        constraints = (*tenant("orders_quote", "store", "order", "assessment"),)

    def __str__(self) -> str:
        return f"quote {self.pk}"

    def is_open(self, at: datetime) -> bool:
        return self.used_at is None and at < self.expires_at
