from typing import Any

from django.db import models

from apps.core.constraints import tenant
from apps.core.fields import SealedField
from apps.core.models import TenantModel
from apps.payments import choices
from apps.payments.managers import GatewayAccountManager
from apps.payments.mixins.vendor_account import VendorAccountMixin


class GatewayAccount(VendorAccountMixin, TenantModel):
    """A merchant's own account at a vendor; one without a store serves all that have none."""

    store = models.ForeignKey(
        "accounts.Store", models.PROTECT, null=True, blank=True, related_name="gateway_accounts"
    )
    gateway = models.CharField(max_length=16, choices=choices.Payment.Gateway.choices)
    account_id = models.CharField(max_length=120)
    credentials = SealedField()

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
    def is_live(self) -> bool:
        return self.environment == choices.Payment.Environment.LIVE

    def opened(self) -> dict[str, Any]:
        assert self.credentials is not None  # noqa: S101
        found: dict[str, Any] = self.credentials.open(self.aad)
        return found
