from typing import TYPE_CHECKING, Self

from django.db import models

from apps.core.managers import TenantQuerySet
from apps.orders import choices

if TYPE_CHECKING:
    from apps.accounts.models import Store
    from apps.orders.modules.eligibility.models import Policy, PolicyRule


class PolicyQuerySet(TenantQuerySet["Policy"]):
    def published(self) -> Self:
        return self.filter(status=choices.Policy.Status.PUBLISHED).prefetch_related("rules")

    def current(self, store: "Store") -> "Policy | None":
        """The store's published version, in two queries; None where it never published one."""
        return self.for_store(store).published().first()


class PolicyRuleQuerySet(TenantQuerySet["PolicyRule"]):
    pass


PolicyManager = models.Manager.from_queryset(PolicyQuerySet)
PolicyRuleManager = models.Manager.from_queryset(PolicyRuleQuerySet)
