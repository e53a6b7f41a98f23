from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from apps.underwriting import choices
from apps.underwriting.limits import needs_second_person
from apps.underwriting.models import Override

if TYPE_CHECKING:
    from apps.underwriting.models import Assessment
    from apps.users.models import User


@dataclass(frozen=True, slots=True)
class OverrideRequest:
    rung: str
    reason: str
    by: "User"


def ask_override(assessment: "Assessment", request: OverrideRequest, at: datetime) -> Override:
    """Up to 200 (in the currency's own units) it holds at once; above that it waits for somebody
    else. Raises AssessmentSuperseded when it would hold at once for an old version."""
    override = Override(
        merchant_id=assessment.merchant_id,
        assessment=assessment,
        rung=request.rung,
        reason=request.reason,
        needs_second_person=needs_second_person(assessment.value),
        asked_by=request.by,
        asked_at=at,
    )
    with transaction.atomic():
        override.save(force_insert=True)
        override.record(choices.Event.OVERRIDE_ASKED, rung=request.rung, reason=request.reason)
        if not override.needs_second_person:
            override.approve(request.by, at)
    return override
