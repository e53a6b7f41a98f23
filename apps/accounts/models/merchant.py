from collections.abc import Mapping
from datetime import datetime

import pghistory
from django.db import models

from apps.accounts import choices
from apps.accounts.managers import MerchantManager
from apps.accounts.mixins.preferences import PreferenceFields
from apps.accounts.mixins.stores import OpensStoresMixin
from apps.core.constraints import tenant
from apps.core.models import AbstractTimeStampedUUID, MoneyOf, SoftDeletable, TenantModel
from apps.core.verbs import verb
from apps.events.recorder import RecordsEvents


@pghistory.track()
class Merchant(OpensStoresMixin, SoftDeletable, AbstractTimeStampedUUID):
    """The tenant: who pays, and whose rows nobody else ever sees."""

    name = models.CharField(max_length=100)
    slug = models.SlugField(max_length=60)
    legal_name = models.CharField(max_length=150)
    tax_id = models.CharField(max_length=30, blank=True)
    country = models.CharField(max_length=2)
    currency = models.CharField(max_length=3)
    language = models.CharField(
        max_length=2,
        choices=choices.Merchant.Language.choices,
        blank=True,
        help_text="Of its invoices and letters; empty: that of the country it is billed in",
    )
    plan = models.CharField(
        max_length=10, choices=choices.Merchant.Plan.choices, default=choices.Merchant.Plan.BASIC
    )
    status = models.CharField(
        max_length=8,
        choices=choices.Merchant.Status.choices,
        default=choices.Merchant.Status.ACTIVE,
    )
    cover_days = models.PositiveSmallIntegerField(default=30)
    instant_enabled = models.BooleanField(default=False)
    exposure_cap_minor = models.BigIntegerField("exposure cap in minor units", default=0)
    # The account that SEPA files debit; empty until the merchant pays by bank transfer.
    iban = models.CharField("IBAN", max_length=34, blank=True)
    bic = models.CharField("BIC", max_length=11, blank=True)

    exposure_cap = MoneyOf("exposure_cap_minor")

    objects = MerchantManager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("slug",),
                condition=models.Q(deleted__isnull=True),
                name="accounts_merchant_slug",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_active(self) -> bool:
        return self.deleted is None and self.status == choices.Merchant.Status.ACTIVE

    @verb
    def speak(self, language: str) -> None:
        """Empty for the language of the country it is billed in."""
        if self.language != language:
            self.language = language
            self.record(choices.Event.SETTINGS_CHANGED, fields=["language"])

    @verb
    def close(self, at: datetime) -> None:
        """The row stays for its books; `services.close_merchant` ends what hangs on it."""
        if self.deleted is None:
            self.status, self.deleted = choices.Merchant.Status.CLOSED, at
            self.record(choices.Event.MERCHANT_CLOSED)


@pghistory.track()
class MerchantPreferences(RecordsEvents, PreferenceFields, TenantModel):
    """What the merchant syncs down to its stores; one row a merchant."""

    merchant = models.OneToOneField(Merchant, models.PROTECT, related_name="preferences")

    class Meta:
        verbose_name_plural = "merchant preferences"
        constraints = (*tenant("accounts_merchantpreferences"),)

    def __str__(self) -> str:
        return f"preferences of {self.merchant_id}"

    @property
    def currency(self) -> str:
        return self.merchant.currency

    @verb
    def change(self, values: Mapping[str, object]) -> list[str]:
        """The fields that changed; the stores keep theirs until `merchant.sync_settings()`."""
        changed = self.take(values)
        if changed:
            self.record(choices.Event.SETTINGS_CHANGED, fields=[*changed])
        return changed
