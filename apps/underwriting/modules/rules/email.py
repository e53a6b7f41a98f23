from datetime import datetime

from apps.underwriting.choices import Reason
from apps.underwriting.dtos import Facts, Finding, PolicyTerms
from apps.underwriting.modules.rules.base import stop, when


def judge(facts: Facts, terms: PolicyTerms, at: datetime) -> list[Finding]:
    email = facts.email
    if email.is_missing:
        return [
            *stop(not email.has_phone, Reason.UNKNOWN_SHOPPER),
            *when(True, Reason.EMAIL_MISSING, 60),
        ]
    return [
        *when(email.is_disposable, Reason.EMAIL_DISPOSABLE, 40),
        *when(email.is_tagged, Reason.EMAIL_TAGGED, 5),
        *when(email.is_random, Reason.EMAIL_RANDOM, 10),
        *when(not email.is_verified, Reason.EMAIL_UNVERIFIED, 5),
    ]
