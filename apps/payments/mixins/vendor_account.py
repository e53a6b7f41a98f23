"""What every account at a vendor has: an environment, sealed words of its webhooks, and an end."""

from datetime import datetime

from django.db import models

from apps.core.fields import Sealed, SealedField
from apps.core.models import AbstractTimeStampedUUID
from apps.core.verbs import verb
from apps.payments import choices


class VendorAccountMixin(AbstractTimeStampedUUID):
    environment = models.CharField(
        max_length=4,
        choices=choices.Payment.Environment.choices,
        default=choices.Payment.Environment.LIVE,
    )
    webhook_secrets = SealedField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    caught_up_to = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def aad(self) -> str:
        return f"{self._meta.db_table}:{self.id}"

    def secrets(self) -> list[str]:
        sealed = self.webhook_secrets
        return [] if sealed is None else [str(each) for each in sealed.open(self.aad)]

    @verb
    def close(self) -> None:
        """Refunds under way are still asked about through it; no new one is."""
        self.is_active = False

    @verb
    def let_speak(self, webhook_secrets: list[str]) -> None:
        """Webhooks signed with one of these are heard from now on; two while one is rolled over."""
        self.webhook_secrets = Sealed.seal(webhook_secrets, self.aad)

    @verb
    def catch_up_to(self, at: datetime) -> None:
        self.caught_up_to = at
