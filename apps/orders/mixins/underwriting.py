"""What orders knows of an order's shopper, for the engine that decides on an advance."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, override
from uuid import UUID

from django.db import models
from django.db.models import Count, Min, Q, Sum

from apps.core.ids import uuid7
from apps.orders import choices
from apps.underwriting.dtos import Contact, Goods, History, Known, UnderwriteRequest
from apps.underwriting.mixins.engine import WithUnderWritingEngine

if TYPE_CHECKING:
    from apps.accounts.models import Customer, Store
    from apps.orders.models.order_line import LineItem

# More than these change no decision, and keep the queries short for whoever has many.
MOST = 50


class UnderwritingFactsMixin(WithUnderWritingEngine):
    """Six queries, whatever the history."""

    if TYPE_CHECKING:
        pk: UUID
        merchant_id: UUID
        store: Store
        customer: Customer | None
        customer_id: UUID | None
        email: str
        shipping_address: dict[str, Any]

        @property
        def lines(self) -> models.QuerySet[LineItem]: ...

    class Meta:
        abstract = True

    @override
    def known_facts(self, request: UnderwriteRequest, at: datetime) -> Known:
        merchant = self.store.merchant
        return Known(
            merchant_id=self.merchant_id,
            store_id=self.store.pk,
            order_id=self.pk,
            is_instant=merchant.instant_enabled and merchant.is_active,
            merchant_cap=merchant.exposure_cap,
            goods=Goods(
                categories=self._categories(request.lines),
                carrier=request.carrier,
                is_tracked=request.is_tracked,
            ),
            history=self._history(at),
            contact=self._contact(),
        )

    def _categories(self, lines: tuple[UUID, ...]) -> tuple[str, ...]:
        chosen = self.lines.filter(pk__in=lines) if lines else self.lines.all()
        named = chosen.exclude(category="").order_by("category")
        return tuple(named.values_list("category", flat=True).distinct())

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

    def _history(self, at: datetime) -> History:
        """Nothing for an order without a customer: nobody knows whose it is."""
        if self.customer_id is None:
            return History()
        from apps.orders.models import Order

        others = Order.objects.filter(
            merchant_id=self.merchant_id, customer=self.customer, cancelled_at=None
        ).exclude(pk=self.pk)
        orders = others.order_by("placed_at")[:MOST].aggregate(
            count=Count("pk"), first=Min("placed_at")
        )
        return History(orders=orders["count"], first_order_at=orders["first"], **self._returns(at))

    def _returns(self, at: datetime) -> dict[str, int]:
        from apps.orders.models import Return

        rows = Return.objects.filter(merchant_id=self.merchant_id, customer=self.customer)
        rows = rows.exclude(status=choices.Return.Status.CANCELLED).order_by("-requested_at")
        newest = list(rows.values_list("pk", "status", "requested_at")[:MOST])
        asked = [requested_at for _, _, requested_at in newest]
        return {
            "returns": len(newest),
            "open_returns": sum(
                status == choices.Return.Status.IN_PROGRESS for _, status, _ in newest
            ),
            "returns_today": sum(each > at - timedelta(days=1) for each in asked),
            "returns_this_month": sum(each > at - timedelta(days=30) for each in asked),
            **_units([pk for pk, _, _ in newest]),
        }


def _units(returns: list[UUID]) -> dict[str, int]:
    """Asked even of nobody's returns, so that the number of queries says nothing."""
    from apps.orders.models import ReturnLineItem

    missing = Q(reception=choices.ReturnLineItem.Reception.MISSING)
    rejected = Q(decision=choices.ReturnLineItem.Decision.REJECTED)
    counts = ReturnLineItem.objects.filter(ret_id__in=returns or [uuid7()]).aggregate(
        missing=Sum("quantity", filter=missing),
        rejected=Sum("quantity", filter=rejected & ~missing),
    )
    return {
        "units_missing": counts["missing"] or 0,
        "units_rejected": counts["rejected"] or 0,
    }
