"""Refunds that a provider shows and we did not make: each counted once into its order's cap."""

import logging
from datetime import datetime

from django.db import transaction
from django.db.models import Sum

from apps.core.money import Money
from apps.core.verbs import lock
from apps.orders.models import OrderTender
from apps.payments.dtos import OutsideSeen
from apps.payments.models import OutsideRefund

logger = logging.getLogger(__name__)


@transaction.atomic
def count_outside(seen: OutsideSeen, at: datetime) -> OutsideRefund | None:
    """None where no order of the merchant was paid by it."""
    tender = _tender_of(seen)
    if tender is None:
        logger.info("refund %s of %s is of no order", seen.id, seen.gateway)
        return None
    lock(tender.order)
    theirs = OutsideRefund.objects.filter(merchant_id=seen.merchant_id, gateway=seen.gateway)
    known = theirs.filter(environment=seen.environment, provider_ref=seen.id).first()
    if known is not None:
        return known
    before = theirs.filter(tender=tender).aggregate(sum=Sum("amount_minor"))["sum"] or 0
    before = Money(before, tender.currency)
    uncounted = tender.order.see_refund(tender.pk, seen.amount, before)
    refund = OutsideRefund(
        merchant_id=seen.merchant_id,
        order_id=tender.order_id,
        tender=tender,
        gateway=seen.gateway,
        environment=seen.environment,
        provider_ref=seen.id,
        currency=seen.amount.currency,
        amount_minor=seen.amount.minor,
        uncounted_minor=uncounted.minor,
        seen_at=at,
    )
    refund.save(force_insert=True)
    if uncounted:
        logger.critical("%s gave back %s above the cap of %s", refund, uncounted, tender.order_id)
    return refund


def _tender_of(seen: OutsideSeen) -> OrderTender | None:
    tenders = OrderTender.objects.filter(
        merchant_id=seen.merchant_id,
        gateway__iexact=seen.gateway,
        external_id__in=[each for each in seen.sources if each],
        currency=seen.amount.currency,
    )
    return tenders.select_related("order").order_by("pk").first()
