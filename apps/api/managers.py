from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.db import connection, models
from django.db.models import F
from django.db.models.functions import Now

from apps.api import choices
from apps.core.ids import uuid7
from apps.core.managers import TenantQuerySet

if TYPE_CHECKING:
    from apps.api.models import (
        CustomerSession,
        Evidence,
        IdempotencyRecord,
        LoginCode,
        LookupFailure,
        PortalSession,
        Proof,
    )
    from apps.orders.models import Order

# Leases run by the database's clock (C-17); DO NOTHING makes the claim one statement.
_CLAIM = """
INSERT INTO api_idempotencyrecord (
    id, created_at, updated_at, merchant_id, environment, family, method, route, key,
    fingerprint, locked_until, fence, content_type, headers
) VALUES (
    %(id)s, now(), now(), %(merchant_id)s, %(environment)s, %(family)s, %(method)s, %(route)s,
    %(key)s, %(fingerprint)s, clock_timestamp() + %(lease)s, 1, '', '{}'
)
ON CONFLICT (merchant_id, environment, family, method, route, key) DO NOTHING
"""


class IdempotencyRecordQuerySet(TenantQuerySet["IdempotencyRecord"]):
    def claim(
        self, scope: dict[str, Any], fingerprint: str, lease: timedelta
    ) -> "IdempotencyRecord | None":
        """The new record, or None when the key is known; waits for a claim not yet committed."""
        values = {**scope, "id": uuid7(), "fingerprint": fingerprint, "lease": lease}
        with connection.cursor() as cursor:
            cursor.execute(_CLAIM, values)
            if not cursor.rowcount:
                return None
        return self.model(id=values["id"], fingerprint=fingerprint, fence=1, **scope)

    def take_over(self, record: "IdempotencyRecord", lease: timedelta) -> bool:
        """False while the lease of another call holds, or when its answer is kept already."""
        mine = self.filter(pk=record.pk, fence=record.fence, status=None, locked_until__lte=Now())
        if not mine.update(fence=F("fence") + 1, locked_until=Now() + lease):
            return False
        record.fence += 1
        return True

    def older_than(self, at: datetime) -> models.QuerySet["IdempotencyRecord"]:
        return self.filter(created_at__lt=at)


class PortalSessionQuerySet(TenantQuerySet["PortalSession"]):
    def with_scope(self) -> Self:
        return self.select_related(
            "order__customer", "order__merchant", "store__merchant", "store__preferences"
        )

    def at_open_portal(self, slug: str) -> Self:
        """Sessions of the store that `slug` names, while its portal answers."""
        from apps.accounts.models import Store

        return self.filter(store__in=Store.objects.open_portals().filter(slug=slug))

    def browsing(self) -> Self:
        """Those that open their order; the others only lead to a proof."""
        return self.exclude(level=choices.PortalSession.Level.FOUND)


class CustomerSessionQuerySet(TenantQuerySet["CustomerSession"]):
    def with_scope(self) -> Self:
        return self.select_related("customer", "store__merchant")


class LoginCodeQuerySet(TenantQuerySet["LoginCode"]):
    pass


class ProofQuerySet(TenantQuerySet["Proof"]):
    pass


class LookupFailureQuerySet(TenantQuerySet["LookupFailure"]):
    pass


class EvidenceQuerySet(TenantQuerySet["Evidence"]):
    def for_order(self, order: "Order") -> Self:
        return self.filter(merchant_id=order.merchant_id, order_id=order.pk)


IdempotencyRecordManager = models.Manager.from_queryset(IdempotencyRecordQuerySet)
PortalSessionManager = models.Manager.from_queryset(PortalSessionQuerySet)
CustomerSessionManager = models.Manager.from_queryset(CustomerSessionQuerySet)
LoginCodeManager = models.Manager.from_queryset(LoginCodeQuerySet)
ProofManager = models.Manager.from_queryset(ProofQuerySet)
LookupFailureManager = models.Manager.from_queryset(LookupFailureQuerySet)
EvidenceManager = models.Manager.from_queryset(EvidenceQuerySet)
