from datetime import datetime

from apps.underwriting.choices import Reason
from apps.underwriting.dtos import Facts, Finding, PolicyTerms
from apps.underwriting.modules.rules.base import stop, when


def judge(facts: Facts, terms: PolicyTerms, at: datetime) -> list[Finding]:
    """Without scans nobody can say that the parcel is under way."""
    return [
        *stop(not facts.goods.is_tracked, Reason.UNTRACKED),
        *when(facts.goods.carrier in terms.risky_carriers, Reason.CARRIER_RISKY, 15),
    ]
