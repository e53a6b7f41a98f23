from typing import TYPE_CHECKING, Self

from django.db import models

from apps.core.managers import TenantQuerySet

if TYPE_CHECKING:
    from apps.orders.modules.eligibility.models import Policy, PolicyRule


class PolicyQuerySet(TenantQuerySet["Policy"]):
    def published(self) -> Self:
        return self.filter(status="published").prefetch_related("rules")


class PolicyRuleQuerySet(TenantQuerySet["PolicyRule"]):
    pass


PolicyManager = models.Manager.from_queryset(PolicyQuerySet)
PolicyRuleManager = models.Manager.from_queryset(PolicyRuleQuerySet)
