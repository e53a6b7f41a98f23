from typing import TYPE_CHECKING, Self

from django.db import IntegrityError, models, transaction

from apps.accounts import choices
from apps.accounts.dtos import CustomerDetails
from apps.core.managers import SoftDeleteManager, SoftDeleteQuerySet, TenantDoor, TenantQuerySet
from apps.users.managers import normalised

if TYPE_CHECKING:
    from apps.accounts.models import Customer, Location, Merchant, Store


class MerchantQuerySet(SoftDeleteQuerySet["Merchant"]):
    def active(self) -> Self:
        return self.filter(status=choices.Merchant.Status.ACTIVE)


class StoreQuerySet(TenantDoor, SoftDeleteQuerySet["Store"]):
    def for_store(self, store: "Store") -> Self:
        return self.filter(merchant_id=store.merchant_id, pk=store.pk)

    def open_portals(self) -> Self:
        """Stores whose portal answers: both the store and its merchant are active."""
        active = self.filter(
            status=choices.Store.Status.ACTIVE,
            merchant__status=choices.Merchant.Status.ACTIVE,
            merchant__deleted__isnull=True,
        )
        return active.select_related("merchant")


class LocationQuerySet(TenantDoor, SoftDeleteQuerySet["Location"]):
    def accepting_returns(self) -> Self:
        return self.filter(accepts_returns=True).order_by("-is_default", "name")


class CustomerQuerySet(TenantQuerySet["Customer"]):
    def with_email(self, email: str) -> Self:
        return self.filter(email=normalised(email))

    def upsert(self, merchant: "Merchant", details: CustomerDetails) -> "Customer":
        """The shopper with this e-mail, else with this external id; said facts win over stored.

        Race-safe: of two callers one inserts, the other updates the same row. Call it without an
        e-mail and an external id only for a shopper who shall stay a stranger: it always inserts.
        """
        try:
            with transaction.atomic():
                return self._meet_or_add(merchant, details)
        except IntegrityError:
            # Somebody was faster: the row is there now.
            return self._meet_or_add(merchant, details)

    def _meet_or_add(self, merchant: "Merchant", details: CustomerDetails) -> "Customer":
        customer = self._known(merchant, details)
        if customer is not None:
            customer.meet(details)
            return customer
        customer = self.model(merchant=merchant)
        customer.learn(details)
        customer.save(force_insert=True)
        return customer

    def _known(self, merchant: "Merchant", details: CustomerDetails) -> "Customer | None":
        """By e-mail, else by external id: with an e-mail, only a row that has none yet."""
        ours = self.for_merchant(merchant)
        known = ours.with_email(details.email).first() if details.email else None
        if known is not None or not details.external_id:
            return known
        named = ours.filter(external_id=details.external_id)
        if details.email:
            named = named.filter(email="")
        return named.order_by("-email", "pk").first()


MerchantManager = SoftDeleteManager.from_queryset(MerchantQuerySet)
StoreManager = SoftDeleteManager.from_queryset(StoreQuerySet)
LocationManager = SoftDeleteManager.from_queryset(LocationQuerySet)
CustomerManager = models.Manager.from_queryset(CustomerQuerySet)
