"""What another policy would have said of what was asked before, from the facts of that day."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Sum

from apps.core.money import Money
from apps.underwriting import choices
from apps.underwriting.dtos import Decision, PolicyTerms
from apps.underwriting.models import Assessment, Outcome
from apps.underwriting.modules.engine import decide
from apps.underwriting.modules.loss import chance, expected_loss

if TYPE_CHECKING:
    from apps.accounts.models import Merchant

LABELS = dict(choices.Rung.choices)
MOST_SHOWN = 100
AT_A_TIME = 500


@dataclass(frozen=True, slots=True)
class Changed:
    """One request that would have been decided otherwise; `early` is what goes out unseen."""

    assessment_id: UUID
    order_id: UUID
    value: Money
    rung_before: str
    rung_after: str
    early_before: Money
    early_after: Money
    reasons: tuple[str, ...]


@dataclass(slots=True)
class Sums:
    """Of one currency. Both expectations use the draft's chances, so that only the sums differ;
    known losses are those of the past, as far as they would have been advanced at all."""

    requested: Money
    early_before: Money
    early_after: Money
    expected_before: Money
    expected_after: Money
    lost_before: Money
    lost_after: Money

    @classmethod
    def of(cls, currency: str) -> "Sums":
        zero = Money.zero(currency)
        return cls(zero, zero, zero, zero, zero, zero, zero)


@dataclass(slots=True)
class Replay:
    """`changes` holds the first 100 of `changed`."""

    requests: int = 0
    changed: int = 0
    rungs_before: Counter[str] = field(default_factory=Counter)
    rungs_after: Counter[str] = field(default_factory=Counter)
    sums: dict[str, Sums] = field(default_factory=dict)
    changes: list[Changed] = field(default_factory=list)


def simulate(
    terms: PolicyTerms, since: datetime, until: datetime, merchant: "Merchant | None" = None
) -> Replay:
    """Each request once, by its newest decision that no person made; of all merchants for None."""
    replay = Replay()
    for past, lost in _past(since, until, merchant):
        _add(replay, past, decide(past.facts, terms, past.at), lost, terms)
    return replay


def _past(
    since: datetime, until: datetime, merchant: "Merchant | None"
) -> Iterator[tuple[Assessment, int]]:
    """In batches, each with the known losses of its rows, so that memory stays flat."""
    rows = Assessment.objects.judged().filter(at__gte=since, at__lt=until)
    if merchant is not None:
        rows = rows.for_merchant(merchant)
    batch: list[Assessment] = []
    for row in rows.newest().iterator(chunk_size=AT_A_TIME):
        batch.append(row)
        if len(batch) == AT_A_TIME:
            yield from _with_losses(batch)
            batch = []
    yield from _with_losses(batch)


def _with_losses(batch: list[Assessment]) -> Iterator[tuple[Assessment, int]]:
    losses = Outcome.objects.filter(
        assessment__request_id__in=[row.request_id for row in batch],
        kind=choices.Outcome.Kind.LOST,
    )
    known = losses.values_list("merchant_id", "assessment__request_id").annotate(
        minor=Sum("amount_minor")
    )
    by_request = {(merchant, request): minor for merchant, request, minor in known}
    return ((row, by_request.get((row.merchant_id, row.request_id), 0)) for row in batch)


def _add(replay: Replay, past: Assessment, after: Decision, lost: int, terms: PolicyTerms) -> None:
    replay.requests += 1
    replay.rungs_before[past.rung] += 1
    replay.rungs_after[after.rung] += 1
    early_after = after.limits[choices.Rung.PAY_AT_DELIVERY]
    _add_sums(replay, past, after, lost, chance(terms, after.score))
    if past.limits == after.limits:
        return
    replay.changed += 1
    if len(replay.changes) < MOST_SHOWN:
        replay.changes.append(
            Changed(
                assessment_id=past.pk,
                order_id=past.order_id,
                value=past.value,
                rung_before=past.rung,
                rung_after=after.rung,
                early_before=past.limit_at_delivery,
                early_after=early_after,
                reasons=tuple(str(finding.code) for finding in after.findings),
            )
        )


def _add_sums(
    replay: Replay, past: Assessment, after: Decision, lost: int, basis_points: int
) -> None:
    sums = replay.sums.setdefault(past.currency, Sums.of(past.currency))
    loss = Money(lost, past.currency)
    early_after = after.limits[choices.Rung.PAY_AT_DELIVERY]
    sums.requested += past.value
    sums.early_before += past.limit_at_delivery
    sums.early_after += early_after
    sums.expected_before += expected_loss(past.limits, basis_points)
    sums.expected_after += expected_loss(dict(after.limits), basis_points)
    sums.lost_before += loss.capped(past.limit_at_delivery)
    sums.lost_after += loss.capped(early_after)


def lines_of(replay: Replay) -> list[str]:
    """A table for people: rungs, sums by currency, and the first changes."""
    lines = [f"{replay.requests} requests, {replay.changed} decided otherwise", ""]
    lines.append(f"{'rung':<26}{'before':>10}{'after':>10}")
    for rung in choices.RUNGS:
        before, after = replay.rungs_before[rung], replay.rungs_after[rung]
        lines.append(f"{LABELS[rung]:<26}{before:>10}{after:>10}")
    for currency, sums in sorted(replay.sums.items()):
        rows = (
            ("asked for", sums.requested, sums.requested),
            ("before inspection", sums.early_before, sums.early_after),
            ("expected loss", sums.expected_before, sums.expected_after),
            ("known loss", sums.lost_before, sums.lost_after),
        )
        lines += ["", f"{currency:<26}{'before':>14}{'after':>14}"]
        lines += [f"{name:<26}{one.amount:>14}{other.amount:>14}" for name, one, other in rows]
    lines += ["", *(["order, value: before -> after, early sum"] if replay.changes else [])]
    lines += [
        f"{each.order_id} {each.value}: {each.rung_before} -> {each.rung_after},"
        f" {each.early_before.amount} -> {each.early_after.amount}"
        for each in replay.changes
    ]
    return lines
