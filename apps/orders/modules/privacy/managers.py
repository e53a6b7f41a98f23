from typing import TYPE_CHECKING, Self

from django.db import models

from apps.core.managers import TenantQuerySet
from apps.orders.modules.privacy import choices

if TYPE_CHECKING:
    from apps.accounts.models import Customer, Store
    from apps.orders.modules.privacy.models import PrivacyRequest


class PrivacyRequestQuerySet(TenantQuerySet["PrivacyRequest"]):
    def undone(self) -> Self:
        return self.filter(status__in=choices.PrivacyRequest.UNDONE)

    def of_customer(self, store: "Store", customer: "Customer") -> Self:
        """Those that reach what the shopper has at this store, whoever asked."""
        here = models.Q(store=store) | models.Q(store=None)
        return self.for_merchant(store.merchant).filter(here, customer=customer)

    def to_try(self) -> Self:
        """Erasures that are not done; whoever waits longest is first."""
        erasures = self.undone().exclude(kind=choices.PrivacyRequest.Kind.EXPORT)
        return erasures.order_by(models.F("tried_at").asc(nulls_first=True), "id")


PrivacyRequestManager = models.Manager.from_queryset(PrivacyRequestQuerySet)
