from datetime import datetime

from apps.underwriting.choices import Reason
from apps.underwriting.dtos import Facts, Finding, PolicyTerms
from apps.underwriting.modules.rules.base import stop, when


def judge(facts: Facts, terms: PolicyTerms, at: datetime) -> list[Finding]:
    """The engine cuts its limits to the least room; here stand the reasons."""
    least = min((room.left.minor for room in facts.rooms), default=facts.value.minor)
    return [
        *stop(least <= 0 < facts.value.minor, Reason.CAP_REACHED),
        *when(0 < least < facts.value.minor, Reason.ROOM_SHORT, 0),
    ]
