from datetime import datetime

from apps.underwriting.choices import Reason
from apps.underwriting.dtos import Facts, Finding, PolicyTerms
from apps.underwriting.modules.rules.base import per_piece, stop

POINTS_A_STEP = 15
MOST_POINTS = 90


def judge(facts: Facts, terms: PolicyTerms, at: datetime) -> list[Finding]:
    sums = terms.sums.get(facts.value.currency)
    if sums is None:
        return stop(True, Reason.CURRENCY_NOT_COVERED)
    climbed = sum(facts.value > step for step in sums.value_steps)
    return [
        *stop(facts.value.minor <= 0, Reason.NOTHING_TO_ADVANCE),
        *stop(facts.value > sums.most_asked, Reason.VALUE_ABOVE_MOST),
        *per_piece(Reason.VALUE_STEP, climbed, POINTS_A_STEP, MOST_POINTS),
    ]
