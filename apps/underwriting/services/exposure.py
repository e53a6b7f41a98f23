"""Caps on open advances: each in one locked row, locked in the order of their slots (F-04).

Call it first in a transaction: limits stand first in the lock order of the house.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Sum

from apps.core.errors import DomainError
from apps.core.money import Money
from apps.core.verbs import lock
from apps.underwriting import choices
from apps.underwriting.dtos import Reservation
from apps.underwriting.models import Exposure, ExposureHold
from apps.underwriting.models.exposure import CapReached
from apps.underwriting.models.override import AssessmentSuperseded
from apps.underwriting.modules.slots import slots_of

if TYPE_CHECKING:
    from apps.accounts.models import Merchant
    from apps.underwriting.models import Assessment

__all__ = [
    "AboveLimit",
    "AssessmentSuperseded",
    "CapReached",
    "Difference",
    "HoldCannotGrow",
    "NotOffered",
    "ReferenceTaken",
    "differences",
    "release",
    "reserve",
]


COUNTERS = ("used_minor", "limit_minor", "open_count", "limit_count", "updated_at")


class NotOffered(DomainError):
    code = "advance_not_offered"
    title = "Nothing is advanced before inspection for this request"
    status = 409


class AboveLimit(DomainError):
    code = "advance_above_limit"
    title = "More would be advanced than the decision allows at this rung"
    status = 409


class ReferenceTaken(DomainError):
    code = "exposure_reference_taken"
    title = "This reference was reserved for something else, or is released"
    status = 409


class HoldCannotGrow(DomainError):
    code = "exposure_hold_cannot_grow"
    title = "What stays open is at most what was"
    status = 409


@dataclass(frozen=True, slots=True)
class Difference:
    """A row whose counters are not the sum of its holds; there must be none."""

    slot: str
    used_minor: int
    held_minor: int
    open_count: int
    held_count: int


def reserve(assessment: "Assessment", wanted: Reservation, at: datetime) -> ExposureHold:
    """Count an advance on all its caps, or on none. The same reference again gives the same hold.

    Raises NotOffered, AboveLimit, AssessmentSuperseded, ReferenceTaken, or CapReached.
    """
    slots = slots_of(
        _digests(assessment), assessment.merchant_id, assessment.store_id, assessment.currency, at
    )
    with transaction.atomic():
        rows = Exposure.objects.locked(slots, assessment.currency)
        known = _known(assessment.merchant_id, wanted.reference)
        if known is not None:
            return _same(known, assessment, wanted)
        _refuse_unfit(assessment, wanted)
        for row in rows:
            cap = assessment.cap_of(row.scope)
            if cap is None:
                raise CapReached(scope=str(row.scope))
            row.take(wanted.amount, cap)
            row.save(update_fields=COUNTERS)
        return _hold(assessment, wanted, [row.slot for row in rows], at)


def release(
    merchant: "Merchant", reference: UUID, at: datetime, left: Money | None = None
) -> ExposureHold:
    """Keep only `left` of it open, nothing unless told. Said twice it is done once.

    Raises HoldCannotGrow, and ExposureHold.DoesNotExist for a reference never reserved.
    """
    with transaction.atomic():
        hold = ExposureHold.objects.for_merchant(merchant).get(reference=reference)
        rows = Exposure.objects.filter(slot__in=hold.slots).order_by("slot")
        locked = list(rows.select_for_update(no_key=True))
        lock(hold)
        stays = left or Money.zero(hold.currency)
        if stays > hold.open or stays.minor < 0:
            raise HoldCannotGrow(open=dict(hold.open.as_json()), left=dict(stays.as_json()))
        freed = hold.open - stays
        if not freed:
            return hold
        for row in locked:
            row.give_back(freed, closes=not stays)
            row.save(update_fields=COUNTERS)
        hold.shrink(stays, at)
        hold.save()
        hold.record(
            choices.Event.EXPOSURE_RELEASED,
            freed=dict(freed.as_json()),
            left=dict(stays.as_json()),
        )
        return hold


def differences() -> list[Difference]:
    """Asked of the database over all rows; the daily reconciliation wants none."""
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT coalesce(e.slot, h.slot), coalesce(e.used_minor, 0), coalesce(h.minor, 0),
              coalesce(e.open_count, 0), coalesce(h.holds, 0)
            FROM underwriting_exposure e FULL JOIN (
              SELECT s.slot, sum(o.open_minor)::bigint AS minor, count(*) AS holds
              FROM underwriting_exposurehold o, jsonb_array_elements_text(o.slots) s(slot)
              WHERE o.status = 'held' GROUP BY s.slot
            ) h ON h.slot = e.slot
            WHERE coalesce(e.used_minor, 0) <> coalesce(h.minor, 0)
              OR coalesce(e.open_count, 0) <> coalesce(h.holds, 0)
            ORDER BY 1
        """)
        return [Difference(*row) for row in cursor.fetchall()]


def _digests(assessment: "Assessment") -> dict[str, str]:
    marks = (
        assessment.shopper_mark,
        assessment.phone_mark,
        assessment.address_mark,
        assessment.iban_mark,
    )
    return {mark.kind: mark.digest for mark in marks if mark is not None}


def _known(merchant_id: UUID, reference: UUID) -> ExposureHold | None:
    return ExposureHold.objects.filter(merchant_id=merchant_id, reference=reference).first()


def _same(known: ExposureHold, assessment: "Assessment", wanted: Reservation) -> ExposureHold:
    is_same = known.granted == wanted.amount and known.request_id == assessment.request_id
    if not is_same or known.is_final:
        raise ReferenceTaken(reference=str(wanted.reference))
    return known


def _refuse_unfit(assessment: "Assessment", wanted: Reservation) -> None:
    """I-31: offered, of the newest version, and with what is held for the request in its limit."""
    if not assessment.is_offered:
        raise NotOffered(request=str(assessment.request_id))
    if assessment.is_superseded():
        raise AssessmentSuperseded(request=str(assessment.request_id))
    held = ExposureHold.objects.filter(
        merchant_id=assessment.merchant_id, request_id=assessment.request_id
    ).aggregate(minor=Sum("granted_minor"))["minor"]
    before = Money(held or 0, assessment.currency)
    limit = assessment.limit_at(wanted.rung)
    if wanted.amount.minor <= 0 or before + wanted.amount > limit:
        raise AboveLimit(
            asked=dict(wanted.amount.as_json()),
            held=dict(before.as_json()),
            limit=dict(limit.as_json()),
        )


def _hold(
    assessment: "Assessment", wanted: Reservation, slots: list[str], at: datetime
) -> ExposureHold:
    hold = ExposureHold(
        merchant_id=assessment.merchant_id,
        assessment=assessment,
        reference=wanted.reference,
        request_id=assessment.request_id,
        rung=wanted.rung,
        currency=assessment.currency,
        granted_minor=wanted.amount.minor,
        open_minor=wanted.amount.minor,
        slots=slots,
        granted_at=at,
    )
    hold.save(force_insert=True)
    hold.record(
        choices.Event.EXPOSURE_RESERVED, amount=dict(wanted.amount.as_json()), rung=wanted.rung
    )
    return hold
