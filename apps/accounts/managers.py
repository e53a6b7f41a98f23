from typing import TYPE_CHECKING, Self
from uuid import UUID

from django.db import IntegrityError, models, transaction

from apps.accounts import choices
from apps.accounts.dtos import CustomerDetails
from apps.core.bulk import insert
from apps.core.managers import SoftDeleteManager, SoftDeleteQuerySet, TenantDoor, TenantQuerySet
from apps.users.managers import normalised

if TYPE_CHECKING:
    from collections.abc import Sequence

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
            return self._meet_or_add(merchant, details)
        except IntegrityError:
            # Somebody was faster: the row is there now.
            return self._meet_or_add(merchant, details)

    def upsert_many(
        self, merchant: "Merchant", told: "Sequence[CustomerDetails | None]"
    ) -> list[UUID | None]:
        """As `upsert` for each, newcomers in one statement; None stays None.

        Raises IntegrityError where somebody else has just added one of them.
        """
        emails = {normalised(each.email) for each in told if each}
        named = {each.external_id for each in told if each} - {""}
        ours = self.for_merchant(merchant)
        known = {each.email: each for each in ours.filter(email__in=emails - {""})}
        strangers = ours.filter(email="", external_id__in=named)
        met = set(strangers.values_list("external_id", flat=True)) if named else set()
        new: dict[str, Customer] = {}
        for each in told:
            email = normalised(each.email) if each else ""
            is_new = email and email not in known and email not in new
            if each and is_new and each.external_id not in met:
                new[email] = self.model(merchant=merchant)
                new[email].learn(each)
        insert(self.model, [customer.as_told() for customer in new.values()])
        rows = {**known, **new}
        return [
            self._learned(merchant, each, rows.get(normalised(each.email))) if each else None
            for each in told
        ]

    def _learned(self, merchant: "Merchant", told: CustomerDetails, row: "Customer | None") -> UUID:
        """The id of somebody of whom nothing is news; else what `upsert` says."""
        return self.upsert(merchant, told).pk if row is None or row.learn(told) else row.pk

    def _meet_or_add(self, merchant: "Merchant", details: CustomerDetails) -> "Customer":
        customer = self._known(merchant, details)
        if customer is not None:
            customer.meet(details)
            return customer
        customer = self.model(merchant=merchant)
        customer.learn(details)
        with transaction.atomic():
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
