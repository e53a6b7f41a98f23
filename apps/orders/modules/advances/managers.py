from typing import TYPE_CHECKING, Self
from uuid import UUID

from django.db import models

from apps.core.managers import TenantQuerySet
from apps.orders import choices

if TYPE_CHECKING:
    from apps.orders.modules.advances.models import Advance, AdvanceConsent, AdvancePart


class AdvanceQuerySet(TenantQuerySet["Advance"]):
    def of_return(self, ret_id: UUID) -> "Advance | None":
        return self.filter(ret_id=ret_id).first()


class AdvancePartQuerySet(TenantQuerySet["AdvancePart"]):
    def waiting(self) -> Self:
        return self.filter(status=choices.Advance.PartStatus.WAITING)

    def released(self) -> Self:
        return self.filter(status=choices.Advance.PartStatus.RELEASED)


class AdvanceConsentQuerySet(TenantQuerySet["AdvanceConsent"]):
    pass


AdvanceManager = models.Manager.from_queryset(AdvanceQuerySet)
AdvancePartManager = models.Manager.from_queryset(AdvancePartQuerySet)
AdvanceConsentManager = models.Manager.from_queryset(AdvanceConsentQuerySet)
