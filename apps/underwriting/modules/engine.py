"""The decision: a pure function of facts and terms; hard stops first, then the score."""

from collections.abc import Mapping
from datetime import datetime

from apps.core.money import Money
from apps.underwriting.choices import EARLY, RUNGS, Rung
from apps.underwriting.dtos import Decision, Facts, Finding, PolicyTerms, Step
from apps.underwriting.modules.rules import RULES

WORST = Step(up_to=0, rung=Rung.PAY_AT_INSPECTION)


def decide(facts: Facts, policy: PolicyTerms, at: datetime) -> Decision:
    """Reads neither row nor clock: the same facts, policy and time give the same decision."""
    judged = [(family, finding) for family, judge in RULES for finding in judge(facts, policy, at)]
    points = sum(finding.points * policy.weights.get(family, 100) for family, finding in judged)
    score = max(points // 100, 0)
    findings = tuple(sorted((finding for _, finding in judged), key=_loudest_first))
    limits = _limits(facts, policy, _step(policy, score, findings))
    return Decision(
        rung=next(rung for rung in RUNGS if limits[rung] or rung == RUNGS[-1]),
        limits=limits,
        score=score,
        findings=findings,
    )


def rank(rung: str) -> int:
    """0 is the best."""
    return RUNGS.index(rung)


def _loudest_first(finding: Finding) -> tuple[int, int]:
    return -rank(finding.best), -finding.points


def _step(policy: PolicyTerms, score: int, findings: tuple[Finding, ...]) -> Step:
    """The step of the score, unless a finding forbids its rung: then all of it at the best left."""
    earned = next((step for step in policy.steps if score <= step.up_to), WORST)
    best = max((finding.best for finding in findings), key=rank, default=RUNGS[0])
    return earned if rank(earned.rung) >= rank(best) else Step(score, best)


def _limits(facts: Facts, policy: PolicyTerms, step: Step) -> Mapping[str, Money]:
    zero = Money.zero(facts.value.currency)
    value = facts.value.at_least_zero()
    room = min([value, *(room.left.at_least_zero() for room in facts.rooms)])
    sums = policy.sums.get(facts.value.currency)
    limits = dict.fromkeys(EARLY, zero)
    if sums is not None:
        limits |= {rung: room.capped(sums.most[rung]) for rung in EARLY[rank(step.rung) :]}
    if step.rung in limits:
        # Rounded up: a part of one cent would else be nothing, and less value a better rung.
        part = Money(-(-value.minor * step.percent // 100), value.currency)
        limits[step.rung] = limits[step.rung].capped(part)
    return {**limits, Rung.PAY_AT_INSPECTION: value}
