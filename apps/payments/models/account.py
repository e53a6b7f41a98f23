from datetime import datetime
from typing import Any

from django.db import models

from apps.core.constraints import tenant
from apps.core.fields import Sealed, SealedField
from apps.core.models import TenantModel
from apps.core.verbs import verb
from apps.payments import choices
from apps.payments.managers import GatewayAccountManager


class GatewayAccount(TenantModel):
    """A merchant's own account at a vendor; one without a store serves all that have none."""

    store = models.ForeignKey(
        "accounts.Store", models.PROTECT, null=True, blank=True, related_name="gateway_accounts"
    )
    gateway = models.CharField(max_length=16, choices=choices.Payment.Gateway.choices)
    environment = models.CharField(
        max_length=4,
        choices=choices.Payment.Environment.choices,
        default=choices.Payment.Environment.LIVE,
    )
    account_id = models.CharField(max_length=120)
    credentials = SealedField()
    webhook_secrets = SealedField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    caught_up_to = models.DateTimeField(null=True, blank=True)

    objects = GatewayAccountManager()

    class Meta:
        constraints = (
            *tenant("payments_gatewayaccount", "store"),
            models.UniqueConstraint(
                fields=("merchant", "gateway", "store"),
                condition=models.Q(is_active=True),
                nulls_distinct=False,
                name="payments_gatewayaccount_one_active",
            ),
        )

    def __str__(self) -> str:
        return f"{self.gateway} {self.account_id}"

    @property
    def aad(self) -> str:
        return f"{self._meta.db_table}:{self.id}"

    @property
    def is_live(self) -> bool:
        return self.environment == choices.Payment.Environment.LIVE

    def opened(self) -> dict[str, Any]:
        assert self.credentials is not None  # noqa: S101
        found: dict[str, Any] = self.credentials.open(self.aad)
        return found

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
