from datetime import datetime

from apps.underwriting.choices import Reason
from apps.underwriting.dtos import Facts, Finding, PolicyTerms
from apps.underwriting.modules.rules.base import stop, when

CREDIT = -30


def judge(facts: Facts, terms: PolicyTerms, at: datetime) -> list[Finding]:
    """Who is on both lists is blocked."""
    return [
        *stop(bool(facts.lists.blocked), Reason.BLOCKED),
        *when(bool(facts.lists.allowed), Reason.ALLOWED, CREDIT),
    ]
