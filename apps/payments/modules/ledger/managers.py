from typing import TYPE_CHECKING, Self
from uuid import UUID

from django.db import models

from apps.core.managers import TenantQuerySet

if TYPE_CHECKING:
    from apps.payments.modules.ledger.models import LedgerAccount, LedgerEntry, LedgerTransaction


class LedgerAccountQuerySet(TenantQuerySet["LedgerAccount"]):
    pass


class LedgerTransactionQuerySet(TenantQuerySet["LedgerTransaction"]):
    def about(self, source_type: str, *source_ids: UUID) -> Self:
        return self.filter(source_type=source_type, source_id__in=source_ids)


class LedgerEntryQuerySet(TenantQuerySet["LedgerEntry"]):
    pass


LedgerAccountManager = models.Manager.from_queryset(LedgerAccountQuerySet)
LedgerTransactionManager = models.Manager.from_queryset(LedgerTransactionQuerySet)
LedgerEntryManager = models.Manager.from_queryset(LedgerEntryQuerySet)
