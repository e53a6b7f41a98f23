"""What time alone does to returns: remind, cancel what was never sent, let goods go."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models

from apps.core.status import IllegalTransition
from apps.orders import choices
from apps.orders.mixins.cancellation import UnitsAccepted
from apps.orders.models import ExchangeLineItem, Return
from apps.orders.modules.inventory import services as inventory
from apps.orders.modules.inventory.models import StockReservation

BATCH = 500
NOT_SHIPPED = "not_shipped"


def remind_not_shipped(at: datetime) -> int:
    """Returns that were opened so long ago and are not on their way; each is reminded once."""
    since = at - timedelta(days=settings.NOT_SHIPPED_REMINDER_DAYS)
    waiting = Return.objects.not_shipped_since(since).filter(reminded_at=None)
    return sum(ret.remind(at) for ret in _batch(waiting))


def cancel_not_shipped(at: datetime) -> int:
    """Standard returns whose time to ship is over; one that moves on meanwhile is passed by."""
    overdue = Return.objects.not_shipped_since(at).filter(expires_at__lte=at)
    return sum(_cancelled(ret, at) for ret in _batch(overdue))


def expire_reservations(at: datetime) -> int:
    """Exchange goods nobody took: the goods are let go and the fallback pays instead."""
    overdue = StockReservation.objects.overdue(at).values_list("exchange_line_id", flat=True)
    held = choices.ExchangeLineItem.Status.RESERVED
    lines = ExchangeLineItem.objects.filter(pk__in=list(overdue[:BATCH]), status=held)
    for line in lines.select_related("ret", "merchant"):
        line.run_out()
        line.replace()
    return inventory.expire_overdue(at) + len(lines)


def _batch(returns: "models.QuerySet[Return]") -> list[Return]:
    return list(returns.select_related("order").order_by("id")[:BATCH])


def _cancelled(ret: Return, at: datetime) -> bool:
    try:
        ret.cancel(at, NOT_SHIPPED)
    except (IllegalTransition, UnitsAccepted):
        return False
    return True
