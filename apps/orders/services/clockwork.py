"""What time alone does to returns: remind, cancel what was never sent, let goods go."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models, transaction

from apps.core.status import IllegalTransition
from apps.core.verbs import lock
from apps.orders import choices
from apps.orders.mixins.cancellation import UnitsAccepted
from apps.orders.mixins.order_refunds import RefundAboveCap
from apps.orders.models import ExchangeLineItem, Return
from apps.orders.modules.inventory.models import StockReservation

if TYPE_CHECKING:
    from uuid import UUID

BATCH = 500
CREDIT = choices.Return.RefundMethod.STORE_CREDIT
RAN_OUT = "The goods of the exchange were let go; their value is paid as credit instead."


def accept_received(ret_id: "UUID", at: datetime) -> bool:
    """The store looks at nothing: what arrived is accepted. What a person parked, or decided in
    part, is left to a person."""
    ret = Return.objects.select_related("order", "store").get(pk=ret_id)
    if not ret.store.preferences.auto_accept_on_receipt:
        return False
    with transaction.atomic():
        lock(ret.order)
        lock(ret)
        decided = ret.lines.exclude(decision=choices.ReturnLineItem.Decision.PENDING)
        if ret.status != choices.Return.Status.RECEIVED or decided.exists():
            return False
        ret.accept_all(at)
    return True


def remind_not_shipped(at: datetime) -> int:
    """Returns that were opened so long ago and are not on their way; each is reminded once."""
    since = at - timedelta(days=settings.NOT_SHIPPED_REMINDER_DAYS)
    waiting = Return.objects.not_shipped_since(since).filter(reminded_at=None)
    return sum(ret.remind(at) for ret in _batch(waiting))


def cancel_not_shipped(at: datetime) -> int:
    """Standard returns whose time to ship is over; one that moves on meanwhile is passed by."""
    overdue = Return.objects.not_shipped_since(at).filter(expires_at__lte=at)
    return sum(_lapsed(ret, at) for ret in _batch(overdue))


def expire_reservations(at: datetime) -> int:
    """Exchange goods nobody took: the goods are let go and the fallback pays instead. Those of a
    settled return are given already and stay held until they are ordered."""
    given = ExchangeLineItem.objects.filter(
        pk=models.OuterRef("exchange_line_id"), ret__settlement__isnull=False
    )
    overdue = StockReservation.objects.overdue(at).exclude(models.Exists(given))
    batch = list(overdue.select_related("level").order_by("expires_at", "id")[:BATCH])
    exchanges = _reserved([reservation.exchange_line_id for reservation in batch])
    return sum(
        fell_back(exchange, at)
        if (exchange := exchanges.get(reservation.exchange_line_id))
        else reservation.expire(at)
        for reservation in batch
    )


def _batch(returns: "models.QuerySet[Return]") -> list[Return]:
    return list(returns.select_related("order").order_by("id")[:BATCH])


def _lapsed(ret: Return, at: datetime) -> bool:
    try:
        return ret.lapse(at)
    except UnitsAccepted:
        return False


def _reserved(exchange_ids: "list[UUID]") -> "dict[UUID, ExchangeLineItem]":
    held = choices.ExchangeLineItem.Status.RESERVED
    exchanges = ExchangeLineItem.objects.filter(pk__in=exchange_ids, status=held)
    return {each.pk: each for each in exchanges.select_related("ret__order", "merchant")}


def ran_out(exchange: ExchangeLineItem, at: datetime) -> bool:
    """The shop has no such goods: their value is paid, by the settlement or instead of it. False
    when they were let go meanwhile, or no payment of the order holds so much."""
    ret = exchange.ret
    try:
        with transaction.atomic():
            lock(ret.order)
            lock(ret)
            if ret.settlement is None:
                return _fall_back(exchange, at)
            ret.pay_instead(exchange)
    except (IllegalTransition, RefundAboveCap):
        return False
    return True


def fell_back(exchange: ExchangeLineItem, at: datetime) -> bool:
    """False when the goods were ordered or let go, or the return was settled, meanwhile."""
    try:
        with transaction.atomic():
            return _fall_back(exchange, at)
    except IllegalTransition:
        return False


def _fall_back(exchange: ExchangeLineItem, at: datetime) -> bool:
    ret = exchange.ret
    lock(ret.order)
    lock(ret)
    if ret.settlement is not None:
        return False
    exchange.run_out()
    exchange.replace()
    # In a mixed return the other units keep the way the shopper chose for them.
    by_credit = exchange.fallback == choices.ExchangeLineItem.Fallback.CREDIT
    if by_credit and ret.type == choices.Return.Type.EXCHANGE and ret.refund_method != CREDIT:
        ret.change_refund_method(CREDIT, at, RAN_OUT)
    return True
