from typing import TYPE_CHECKING, Self

from django.db import models

from apps.core.managers import SoftDeleteManager, SoftDeleteQuerySet, TenantDoor, TenantQuerySet

if TYPE_CHECKING:
    from apps.accounts.models import Customer, Location, Merchant, Store


class MerchantQuerySet(SoftDeleteQuerySet["Merchant"]):
    def active(self) -> Self:
        return self.filter(status="active")


class StoreQuerySet(TenantDoor, SoftDeleteQuerySet["Store"]):
    def for_store(self, store: "Store") -> Self:
        return self.filter(merchant_id=store.merchant_id, pk=store.pk)

    def open_portals(self) -> Self:
        """Stores whose portal answers: both the store and its merchant are active."""
        return self.filter(status="active", merchant__status="active").select_related("merchant")


class LocationQuerySet(TenantDoor, SoftDeleteQuerySet["Location"]):
    def accepting_returns(self) -> Self:
        return self.filter(accepts_returns=True).order_by("-is_default", "name")


class CustomerQuerySet(TenantQuerySet["Customer"]):
    def with_email(self, email: str) -> Self:
        return self.filter(email=email.strip().lower())


MerchantManager = SoftDeleteManager.from_queryset(MerchantQuerySet)
StoreManager = SoftDeleteManager.from_queryset(StoreQuerySet)
LocationManager = SoftDeleteManager.from_queryset(LocationQuerySet)
CustomerManager = models.Manager.from_queryset(CustomerQuerySet)
