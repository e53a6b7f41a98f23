from zoneinfo import ZoneInfo

import pghistory
from django.db import models

from apps.accounts import choices
from apps.accounts.managers import StoreManager
from apps.accounts.mixins.lifecycle import StoreLifecycleMixin
from apps.accounts.mixins.overrides import OverridesMixin
from apps.core.constraints import tenant
from apps.core.models import SoftDeletable, TenantModel


@pghistory.track(exclude=["credentials"])
class Store(StoreLifecycleMixin, SoftDeletable, TenantModel):
    """One shop of a merchant; the slug is its path in the portal."""

    name = models.CharField(max_length=100)
    slug = models.SlugField(max_length=60)
    platform = models.CharField(
        max_length=12,
        choices=choices.Store.Platform.choices,
        default=choices.Store.Platform.API,
    )
    domain = models.CharField(max_length=253, blank=True)
    currency = models.CharField(max_length=3)
    languages = models.JSONField(default=list)
    time_zone = models.CharField(max_length=40, default="Europe/Madrid")
    status = models.CharField(
        max_length=12,
        choices=choices.Store.Status.choices,
        default=choices.Store.Status.ACTIVE,
    )

    objects = StoreManager()

    class Meta:
        constraints = (
            *tenant("accounts_store"),
            # Global on purpose: the slug is the public path of the portal.
            models.UniqueConstraint(
                fields=("slug",),
                condition=models.Q(deleted__isnull=True),
                name="accounts_store_slug",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


@pghistory.track()
class StorePreferences(OverridesMixin, TenantModel):
    """The store's copy; fields named in `overrides` are its own and a sync leaves them alone."""

    store = models.OneToOneField(Store, models.CASCADE, related_name="preferences")

    class Meta:
        verbose_name_plural = "store preferences"
        constraints = (*tenant("accounts_storepreferences", "store"),)

    def __str__(self) -> str:
        return f"preferences of {self.store_id}"

    @property
    def currency(self) -> str:
        return self.store.currency
