from datetime import datetime
from typing import TYPE_CHECKING, Self
from uuid import UUID

from django.db import models
from django.db.models.functions import Coalesce

from apps.core.managers import TenantQuerySet

if TYPE_CHECKING:
    from apps.payments.modules.ledger.models import LedgerAccount, LedgerEntry, LedgerTransaction


class LedgerAccountQuerySet(TenantQuerySet["LedgerAccount"]):
    def with_turnover(self, since: datetime, until: datetime) -> Self:
        """Minor units, debit minus credit: `opening_minor` at `since`; `debit_minor` from then to
        before `until`, and `credit_minor`, which is below zero."""
        within = models.Q(entries__transaction__at__gte=since, entries__transaction__at__lt=until)
        return self.annotate(
            opening_minor=_sum(models.Q(entries__transaction__at__lt=since)),
            debit_minor=_sum(within & models.Q(entries__amount_minor__gt=0)),
            credit_minor=_sum(within & models.Q(entries__amount_minor__lt=0)),
        )


class LedgerTransactionQuerySet(TenantQuerySet["LedgerTransaction"]):
    def about(self, source_type: str, *source_ids: UUID) -> Self:
        return self.filter(source_type=source_type, source_id__in=source_ids)


class LedgerEntryQuerySet(TenantQuerySet["LedgerEntry"]):
    pass


LedgerAccountManager = models.Manager.from_queryset(LedgerAccountQuerySet)
LedgerTransactionManager = models.Manager.from_queryset(LedgerTransactionQuerySet)
LedgerEntryManager = models.Manager.from_queryset(LedgerEntryQuerySet)


def _sum(entries: models.Q) -> Coalesce:
    zero = models.Value(0, output_field=models.BigIntegerField())
    return Coalesce(models.Sum("entries__amount_minor", filter=entries), zero)
