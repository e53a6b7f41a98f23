"""How the shopper's orders, returns and earlier advances went, here and elsewhere."""

from datetime import datetime, timedelta

from apps.underwriting.choices import Bucket, Reason, Rung
from apps.underwriting.dtos import Facts, Finding, PolicyTerms
from apps.underwriting.modules.rules.base import at_least, level, per_piece, stop, when

NEW = timedelta(days=30)
FEWEST_RETURNS = 3
MOST_UNSENT = 3


def judge(facts: Facts, terms: PolicyTerms, at: datetime) -> list[Finding]:
    return [*_endings(facts), *_orders(facts, at), *_returns(facts)]


def _endings(facts: Facts) -> list[Finding]:
    here, elsewhere = facts.outcomes, facts.platform
    is_clean = not (here.recovered or here.disputed or here.lost)
    settled = here.settled if is_clean else 0
    return [
        *stop(here.lost > 0, Reason.LOSS_BEFORE),
        *stop(here.disputed > 0, Reason.DISPUTE_BEFORE),
        *stop(at_least(elsewhere.lost, Bucket.FEW), Reason.LOSSES_ELSEWHERE),
        *per_piece(Reason.LOSSES_ELSEWHERE, level(elsewhere.lost), 40, 80),
        *per_piece(Reason.RECOVERIES_BEFORE, here.recovered, 20, 60),
        *per_piece(Reason.RECOVERIES_ELSEWHERE, level(elsewhere.recovered), 10, 40),
        *when(settled > 0, Reason.GOOD_HISTORY, -min(settled * 5, 20)),
    ]


def _orders(facts: Facts, at: datetime) -> list[Finding]:
    history = facts.history
    if history.orders == 0 or history.first_order_at is None:
        return when(True, Reason.FIRST_ORDER, 15)
    return when(history.first_order_at > at - NEW, Reason.NEW_SHOPPER, 10)


def _returns(facts: Facts) -> list[Finding]:
    history = facts.history
    # This order is one more than the others.
    percent = history.returns * 100 // (history.orders + 1)
    is_much = history.returns >= FEWEST_RETURNS and percent > 50
    return [
        *when(is_much, Reason.HIGH_RETURN_RATE, 25 if percent > 80 else 10),
        *per_piece(Reason.UNITS_MISSING, history.units_missing, 25, 75),
        *per_piece(Reason.UNITS_REJECTED, history.units_rejected, 10, 50),
        *stop(history.open_returns >= MOST_UNSENT, Reason.OPEN_RETURNS, Rung.PAY_AT_SCAN),
        *per_piece(Reason.OPEN_RETURNS, history.open_returns, 10, 40),
    ]
