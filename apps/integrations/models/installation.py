from django.db import models

from apps.core.fields import SealedField
from apps.core.models import AbstractTimeStampedUUID
from apps.integrations.managers import InstallationManager
from apps.integrations.mixins.claiming import ClaimingMixin


class Installation(ClaimingMixin, AbstractTimeStampedUUID):
    """Our app in a shop, put there from the platform's side; `account` is the platform's name for
    the shop. Without a store it waits to be claimed, and holds what the platform granted."""

    platform = models.CharField(max_length=12)
    account = models.CharField(max_length=253)
    domain = models.CharField(max_length=253, blank=True)
    secrets = SealedField(null=True, blank=True)
    claim_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    store = models.ForeignKey("accounts.Store", models.PROTECT, null=True, related_name="+")
    claimed_at = models.DateTimeField(null=True, blank=True)

    objects = InstallationManager()

    class Meta:
        indexes = (
            models.Index(fields=("platform", "account"), name="integrations_install_account"),
        )

    def __str__(self) -> str:
        return f"{self.platform}: {self.account}"
