"""Accounts at Stripe: a merchant's own, and the platform's as each merchant's books know it."""

from typing import override

from django.conf import settings
from django.db import models

from apps.core.constraints import tenant
from apps.core.fields import SealedField
from apps.core.models import TenantModel
from apps.payments.gateways.stripe.client import Client
from apps.payments.managers import StripeAccountManager
from apps.payments.mixins.vendor_account import VendorAccountMixin

# The merchant's column stands in the table of payments, out of reach of a foreign key.
SAME_MERCHANT = """EXISTS (
  SELECT FROM payments_payment p JOIN payments_stripeaccount a ON a.merchant_id = p.merchant_id
  WHERE p.id = changed.payment_ptr_id AND a.id = changed.stripe_account_id
)"""


class StripeAccount(VendorAccountMixin, TenantModel):
    """A merchant's own account; one without a store serves all stores that have none.

    The platform's, by which recoveries are collected, has a row for each merchant whose books it
    stands in; its keys are in the environment.
    """

    store = models.ForeignKey(
        "accounts.Store", models.PROTECT, null=True, blank=True, related_name="stripe_accounts"
    )
    account_id = models.CharField(max_length=60)
    secret_key = SealedField(null=True, blank=True)
    is_platform = models.BooleanField(default=False)

    objects = StripeAccountManager()

    class Meta:
        constraints = (
            *tenant("payments_stripeaccount", "store"),
            models.UniqueConstraint(
                fields=("merchant", "store", "is_platform"),
                condition=models.Q(is_active=True),
                nulls_distinct=False,
                name="payments_stripeaccount_one_active",
            ),
            models.CheckConstraint(
                condition=models.Q(is_platform=True, store=None, secret_key=None)
                | models.Q(is_platform=False, secret_key__isnull=False),
                name="payments_stripeaccount_key",
            ),
        )

    def __str__(self) -> str:
        return self.account_id

    @override
    def secrets(self) -> list[str]:
        if self.is_platform:
            return list(settings.STRIPE_PLATFORM_WEBHOOK_SECRETS)
        return super().secrets()

    def client(self) -> Client:
        if self.is_platform:
            return Client(settings.STRIPE_PLATFORM_KEY)
        assert self.secret_key is not None  # noqa: S101
        return Client(str(self.secret_key.open(self.aad)))
