from datetime import datetime

from apps.underwriting.choices import Reason
from apps.underwriting.dtos import Facts, Finding, PolicyTerms
from apps.underwriting.modules.rules.base import stop, when


def judge(facts: Facts, terms: PolicyTerms, at: datetime) -> list[Finding]:
    country = facts.address.country
    is_covered = not terms.countries or country in terms.countries
    return [
        *stop(not is_covered, Reason.COUNTRY_NOT_COVERED),
        *when(country in terms.risky_countries, Reason.COUNTRY_RISKY, 25),
    ]
