"""Asks every registered query and keeps what it finds as items with a state and an owner."""

import logging
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import send_mail
from django.db import DatabaseError, transaction

from apps.core import clock, findings
from apps.events.modules.reconciliation.models import ReconciliationItem, ReconciliationRun

if TYPE_CHECKING:
    from uuid import UUID

    from apps.accounts.models import Merchant

logger = logging.getLogger(__name__)
MOST_TOLD = 50
FRESH = timedelta(hours=2)
type Figures = dict[str, str | int]


def reconcile(at: datetime, asked_by: "UUID | None" = None) -> ReconciliationRun:
    """One run; a query that the database refuses is a figure of it, and the others are asked."""
    run = ReconciliationRun(started_at=at, asked_by_id=asked_by)
    run.save(force_insert=True)
    begun = time.monotonic_ns()
    queries = findings.queries()
    run.figures = [_ask(query, at) for query in queries]
    _forget_queries_of_old(queries, at)
    run.queries = len(queries)
    run.found, run.opened, run.resolved, run.failed = (
        sum(int(each[name]) for each in run.figures)
        for name in ("found", "opened", "resolved", "failed")
    )
    run.milliseconds = _since(begun)
    run.done_at = clock.now()
    run.save()
    return run


def exceptions_of(
    merchant: "Merchant", at: datetime
) -> tuple[datetime, Sequence[findings.Finding | ReconciliationItem]]:
    """When the last run ended and what it left to do; without a run of late it is asked now."""
    run = ReconciliationRun.objects.finished(at - FRESH).first()
    if run is None or run.done_at is None:
        return at, findings.find(at, merchant.pk)
    return run.done_at, list(ReconciliationItem.objects.to_do().filter(merchant_id=merchant.pk))


def tell_staff(at: datetime) -> int:
    """One mail about every item that nobody was told of; returns how many there were."""
    untold = list(ReconciliationItem.objects.untold())
    staff = get_user_model()._default_manager.filter(is_staff=True, is_active=True)
    mails = sorted(staff.values_list("email", flat=True))
    if untold and mails:
        subject = f"Reconciliation: {len(untold)} new findings"
        send_mail(subject, _letter(untold), settings.DEFAULT_FROM_EMAIL, mails)
    told = ReconciliationItem.objects.filter(pk__in=[item.pk for item in untold])
    told.update(told_at=at)
    return len(untold)


def _letter(items: Sequence[ReconciliationItem]) -> str:
    lines = [str(item) for item in items[:MOST_TOLD]]
    if len(items) > MOST_TOLD:
        lines.append(f"and {len(items) - MOST_TOLD} more")
    return "\n".join((*lines, "", "They stand in the admin under Events, Reconciliation items."))


def _ask(query: findings.Query, at: datetime) -> Figures:
    begun = time.monotonic_ns()
    figures: Figures = {"query": query.name, "invariant": query.invariant, "what": query.what}
    try:
        with transaction.atomic():
            found = query.found(at)
    except DatabaseError as error:
        logger.critical("%s %s could not be asked: %s", query.invariant, query.name, error)
        counts = {"found": 0, "opened": 0, "resolved": 0, "failed": 1}
    else:
        opened, resolved = _keep(query, found, at)
        counts = {"found": len(found), "opened": opened, "resolved": resolved, "failed": 0}
    return {**figures, **counts, "milliseconds": _since(begun)}


@transaction.atomic
def _keep(query: findings.Query, found: list[findings.Finding], at: datetime) -> tuple[int, int]:
    """How many items this opened and how many it resolved; beyond MOST_FOUND none is resolved,
    since some of the faults were not looked at."""
    items = ReconciliationItem.objects.filter(query=query.name)
    kept = found[: findings.MOST_FOUND]
    known = items.filter(subject__in=[finding.subject for finding in kept])
    opened = known.reopen(at)
    known.unresolved().filter(last_seen_at__lt=at).update(last_seen_at=at)
    seen = set(known.values_list("subject", flat=True))
    new = {finding.subject: finding for finding in kept if finding.subject not in seen}
    ReconciliationItem.objects.bulk_create(
        [_item(finding, at) for finding in new.values()], ignore_conflicts=True
    )
    if opened := opened + len(new):
        logger.critical("%s %s: %s new findings", query.invariant, query.what, opened)
    return opened, items.resolve(at) if len(kept) == len(found) else 0


def _item(finding: findings.Finding, at: datetime) -> ReconciliationItem:
    return ReconciliationItem(
        query=finding.query,
        invariant=finding.invariant,
        what=finding.what,
        subject_type=finding.subject_type,
        subject=finding.subject[:100],
        merchant_id=finding.merchant_id,
        first_seen_at=at,
        opened_at=at,
        last_seen_at=at,
    )


def _forget_queries_of_old(queries: Sequence[findings.Query], at: datetime) -> None:
    """A query that is asked no more finds nothing any more."""
    names = [query.name for query in queries]
    ReconciliationItem.objects.exclude(query__in=names).resolve(at)


def _since(begun: int) -> int:
    """Milliseconds."""
    return (time.monotonic_ns() - begun) // 1_000_000
