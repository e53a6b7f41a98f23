from django.db import models

from apps.core.constraints import tenant
from apps.core.models import SoftDeletable, TenantModel
from apps.orders import choices
from apps.orders.managers import ReturnReasonManager


class ReturnReason(SoftDeletable, TenantModel):
    """A node of the store's tree of reasons; `labels` holds one text per language."""

    store = models.ForeignKey("accounts.Store", models.CASCADE, related_name="reasons")
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="children"
    )
    code = models.CharField(max_length=40)
    labels = models.JSONField()
    fault = models.CharField(
        max_length=8,
        choices=choices.ReturnReason.Fault.choices,
        default=choices.ReturnReason.Fault.SHOPPER,
    )
    needs_photo = models.BooleanField(default=False)
    needs_text = models.BooleanField(default=False)
    waives_fee = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)

    objects = ReturnReasonManager()

    class Meta:
        ordering = ("position", "code")
        constraints = (
            *tenant("orders_returnreason", "store", "parent"),
            models.UniqueConstraint(
                fields=("store", "code"),
                condition=models.Q(deleted__isnull=True),
                name="orders_returnreason_code",
            ),
        )

    def __str__(self) -> str:
        return self.code

    def label(self, language: str) -> str:
        return str(self.labels.get(language) or self.labels.get("en") or self.code)
