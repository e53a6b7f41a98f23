from django.db import models

from apps.core.constraints import tenant
from apps.core.models import TenantModel
from apps.integrations.managers import WebhookCheckManager
from apps.integrations.mixins.listening import ListeningMixin


class WebhookCheck(ListeningMixin, TenantModel):
    """Whether the shop still tells us of its changes, as it said when it was last asked."""

    store = models.OneToOneField("accounts.Store", models.PROTECT, related_name="webhook_check")
    checked_at = models.DateTimeField(null=True, blank=True)
    restored_at = models.DateTimeField(null=True, blank=True)
    restored_count = models.PositiveIntegerField(default=0)
    active = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)

    objects = WebhookCheckManager()

    class Meta:
        constraints = (*tenant("integrations_webhookcheck", "store"),)

    def __str__(self) -> str:
        return f"{self.active} active"
