"""What orders knows of an order's shopper, for the engine that decides on an advance."""

from dataclasses import fields
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, override
from uuid import UUID

from apps.core import rows
from apps.orders import choices
from apps.underwriting.dtos import Contact, Goods, History, Known, UnderwriteRequest
from apps.underwriting.mixins.engine import WithUnderWritingEngine

if TYPE_CHECKING:
    from apps.accounts.models import Customer, Store

# More than these change no decision, and keep the queries short for whoever has many.
MOST = 50
MISSING = choices.ReturnLineItem.Reception.MISSING
REJECTED = choices.ReturnLineItem.Decision.REJECTED
HISTORY = tuple(field.name for field in fields(History))
# Written out: compiling these four questions costs more than PostgreSQL does to answer them.
FACTS = f"""WITH others AS (
  SELECT placed_at FROM orders_order WHERE merchant_id = %(merchant)s
    AND customer_id = %(customer)s::uuid AND cancelled_at IS NULL AND id <> %(order)s
  ORDER BY placed_at LIMIT %(most)s
), newest AS (
  SELECT id, status, requested_at FROM orders_return WHERE merchant_id = %(merchant)s
    AND customer_id = %(customer)s::uuid AND status <> '{choices.Return.Status.CANCELLED}'
  ORDER BY requested_at DESC LIMIT %(most)s
), units AS (
  SELECT sum(quantity) FILTER (WHERE reception = '{MISSING}') AS missing,
    sum(quantity) FILTER (WHERE decision = '{REJECTED}' AND reception <> '{MISSING}') AS rejected
  FROM orders_returnlineitem WHERE ret_id = ANY(ARRAY(SELECT id FROM newest))
), returns AS (
  SELECT count(*) AS returns,
    count(*) FILTER (WHERE status = '{choices.Return.Status.IN_PROGRESS}') AS open_returns,
    count(*) FILTER (WHERE requested_at > %(day)s) AS returns_today,
    count(*) FILTER (WHERE requested_at > %(month)s) AS returns_this_month
  FROM newest
)
SELECT ARRAY(SELECT DISTINCT category FROM orders_lineitem WHERE order_id = %(order)s
    AND category <> '' AND (%(lines)s::uuid[] = '{{}}' OR id = ANY(%(lines)s::uuid[])) ORDER BY 1),
  (SELECT count(*) FROM others), (SELECT min(placed_at) FROM others), returns,
  coalesce(missing, 0), coalesce(rejected, 0), open_returns, returns_today, returns_this_month
FROM returns, units"""  # noqa: S608


class UnderwritingFactsMixin(WithUnderWritingEngine):
    """One query, whatever the history."""

    if TYPE_CHECKING:
        pk: UUID
        merchant_id: UUID
        store: Store
        customer: Customer | None
        customer_id: UUID | None
        email: str
        shipping_address: dict[str, Any]

    class Meta:
        abstract = True

    @override
    def known_facts(self, request: UnderwriteRequest, at: datetime) -> Known:
        merchant = self.store.merchant
        categories, history = self._categories_and_history(request.lines, at)
        return Known(
            merchant_id=self.merchant_id,
            store_id=self.store.pk,
            order_id=self.pk,
            is_instant=merchant.instant_enabled and merchant.is_active,
            merchant_cap=merchant.exposure_cap,
            goods=Goods(
                categories=categories,
                carrier=request.carrier,
                is_tracked=request.is_tracked,
            ),
            history=history,
            contact=self._contact(),
        )

    def _contact(self) -> Contact:
        address, customer = self.shipping_address, self.customer
        return Contact(
            email=self.email or (customer.email if customer else ""),
            phone=str(address.get("phone") or (customer.phone if customer else "")),
            street=str(address.get("street", "")),
            postcode=str(address.get("postcode", "")),
            country=str(address.get("country", "")),
            is_email_verified=customer is not None and customer.is_verified,
        )

    def _categories_and_history(
        self, lines: tuple[UUID, ...], at: datetime
    ) -> tuple[tuple[str, ...], History]:
        """No history for an order without a customer: nobody knows whose it is."""
        asked = {
            "merchant": self.merchant_id,
            "customer": self.customer_id,
            "order": self.pk,
            "lines": list(lines),
            "day": at - timedelta(days=1),
            "month": at - timedelta(days=30),
            "most": MOST,
        }
        ((categories, *told),) = rows.fetch(FACTS, asked)
        return tuple(categories), History(**dict(zip(HISTORY, told, strict=True)))
