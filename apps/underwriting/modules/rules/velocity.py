from datetime import datetime

from apps.underwriting.choices import Bucket, Reason
from apps.underwriting.dtos import Facts, Finding, PolicyTerms
from apps.underwriting.modules.rules.base import at_least, per_piece, stop, when

MANY_A_MONTH = 5
TOO_MANY_A_MONTH = 10
BUSY = {Bucket.FEW: 15, Bucket.SEVERAL: 40, Bucket.MANY: 60}


def judge(facts: Facts, terms: PolicyTerms, at: datetime) -> list[Finding]:
    history, elsewhere = facts.history, facts.platform.orders_today
    month = history.returns_this_month
    points = 25 if month >= TOO_MANY_A_MONTH else 10
    busy = BUSY.get(Bucket(elsewhere), 0)
    return [
        *stop(history.returns_today >= terms.most_per_day, Reason.MOST_PER_DAY),
        *stop(at_least(elsewhere, Bucket.MANY), Reason.BUSY_ELSEWHERE),
        *per_piece(Reason.RETURNS_TODAY, history.returns_today, 15, 45),
        *when(month >= MANY_A_MONTH, Reason.RETURNS_THIS_MONTH, points),
        *when(busy > 0, Reason.BUSY_ELSEWHERE, busy),
    ]
