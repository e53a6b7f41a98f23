from datetime import datetime

from apps.underwriting.choices import Reason
from apps.underwriting.dtos import Facts, Finding, PolicyTerms
from apps.underwriting.modules.rules.base import stop


def judge(facts: Facts, terms: PolicyTerms, at: datetime) -> list[Finding]:
    return stop(not facts.is_instant, Reason.INSTANT_OFF)
