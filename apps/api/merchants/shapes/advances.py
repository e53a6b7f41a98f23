"""What went out before inspection, as the merchant sees it."""

from typing import Any
from uuid import UUID

from apps.core.money import Money
from apps.events.models import Event
from apps.orders import choices
from apps.orders.models import Advance, Return
from apps.underwriting.choices import Reason
from apps.underwriting.models import Assessment

ELSEWHERE = frozenset(
    (
        *(Reason.LOSSES_ELSEWHERE, Reason.RECOVERIES_ELSEWHERE, Reason.BUSY_ELSEWHERE),
        *(Reason.ADDRESS_SHARED, Reason.DESTINATION_SHARED, Reason.DESTINATION_FOR_REVIEW),
    )
)


def advance_shape(ret_id: UUID) -> dict[str, Any] | None:
    """Three queries; None where nothing was advanced."""
    advances = Advance.objects.select_related("ret", "assessment")
    advance = advances.filter(ret_id=ret_id).first()
    if advance is None:
        return None
    return {
        "amount": advance.amount,
        "method": advance.method,
        "granted_at": advance.granted_at,
        "ended_at": advance.ended_at,
        "cover_ends_at": advance.ret.cover_ends_at,
        "kept": advance.kept,
        "owed_by_shopper": advance.short,
        "taken_back": advance.unwound,
        "never_paid": advance.unpaid,
        "parts": [
            {
                "rung": part.rung,
                "amount": part.amount,
                "status": part.status,
                "released_at": part.released_at,
            }
            for part in advance.parts.all()
        ],
        "decision": _decision(advance.assessment),
        "shortfalls": [_shortfall(event) for event in _told(ret_id)],
    }


def _decision(assessment: Assessment) -> dict[str, Any]:
    """What is known of shoppers at other merchants counts, and is shown to nobody here."""
    reasons = [row for row in assessment.reasons if row["code"] not in ELSEWHERE]
    return {
        "rung": assessment.rung,
        "policy_version": assessment.policy_version,
        "reasons": [
            {"code": row["code"], "text": Reason(row["code"]).label, "weight": row["points"]}
            for row in reasons
        ],
    }


def _told(ret_id: UUID) -> list[Event]:
    events = Event.objects.about(Return._meta.label_lower, ret_id)
    return list(events.filter(kind=choices.Event.ADVANCE_SHORT).order_by("sequence"))


def _shortfall(event: Event) -> dict[str, Any]:
    told = event.payload
    return {
        "cause": told["cause"],
        "amount": Money.of(str(told["amount"]), str(told["currency"])),
        "lines": told["lines"],
        "at": event.at,
    }
