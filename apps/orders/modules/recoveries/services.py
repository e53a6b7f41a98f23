"""Recoveries open, move with the time, and close when the goods turn up."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from apps.core.errors import DomainError
from apps.core.verbs import lock
from apps.orders.choices import ReturnLineItem
from apps.orders.modules.recoveries import choices
from apps.orders.modules.recoveries.dtos import OpenRecovery
from apps.orders.modules.recoveries.models import Recovery

BATCH = 500
GOODS_ARRIVED, GOODS_ACCEPTED = "goods_arrived", "goods_accepted"
# Causes that the parcel itself puts right.
OF_THE_PARCEL = (choices.Recovery.Cause.MISSING, choices.Recovery.Cause.NOT_RETURNED)


class GoodsAccepted(DomainError):
    code = "goods_accepted"
    title = "The goods were accepted; nothing is owed for them"
    status = 409


def open_recovery(asked: OpenRecovery, at: datetime) -> Recovery | None:
    """Once for each return and cause; a repeat gives the first one.

    None when there is nothing to win back: no sum, or the parcel came after the shortfall (`at`).
    Raises GoodsAccepted (I-26).
    """
    with transaction.atomic():
        ret = asked.ret
        lock(ret)
        known = Recovery.objects.filter(ret=ret, cause=asked.cause).first()
        if known is not None:
            return known
        accepted = ReturnLineItem.Decision.ACCEPTED
        if ret.lines.filter(pk__in=asked.lines, decision=accepted).exists():
            raise GoodsAccepted(number=ret.number)
        turned_up = asked.cause in OF_THE_PARCEL and ret.has_arrived_since(at)
        if asked.amount.minor <= 0 or turned_up:
            return None
        return _open(asked, at)


def _open(asked: OpenRecovery, at: datetime) -> Recovery:
    ends_at = at + settings.RECOVERY_OBJECTION
    recovery = Recovery(
        merchant_id=asked.ret.merchant_id,
        ret=asked.ret,
        cause=asked.cause,
        currency=asked.amount.currency,
        due_minor=asked.amount.minor,
        lines=[str(line) for line in asked.lines],
        consent_cap_minor=asked.consent.cap.minor if asked.consent else None,
        consent_until=asked.consent.until if asked.consent else None,
        opened_at=at,
        objection_ends_at=ends_at,
        next_step_at=ends_at,
    )
    recovery.save(force_insert=True)
    recovery.tell(
        choices.Event.OPENED,
        cause=asked.cause,
        amount=asked.amount.as_json(),
        objection_ends_at=ends_at.isoformat(),
    )
    return recovery


def take_steps(at: datetime) -> int:
    """All that time brings; returns how many moved."""
    waiting = list(Recovery.objects.waiting(at).select_related("ret")[:BATCH])
    return sum(recovery.step(at) for recovery in waiting)


def goods_arrived(ret_id: UUID, at: datetime) -> int:
    """The parcel is here after all: what was asked for it closes, what was paid goes back."""
    return _close(ret_id, GOODS_ARRIVED, at, cause__in=OF_THE_PARCEL, opened_at__lte=at)


def goods_accepted(ret_id: UUID, at: datetime) -> int:
    """The whole return is accepted: nothing of it may be owed (I-38)."""
    return _close(ret_id, GOODS_ACCEPTED, at)


def _close(ret_id: UUID, reason: str, at: datetime, **which: object) -> int:
    rows = Recovery.objects.filter(ret_id=ret_id, **which)
    rows = rows.exclude(status=choices.Recovery.Status.CLOSED)
    return sum(each.close(reason, at) for each in rows.select_related("ret").order_by("id"))
