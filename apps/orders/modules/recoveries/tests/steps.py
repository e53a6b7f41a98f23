"""The days of a recovery in one line each."""

from datetime import datetime
from math import ceil
from typing import Any

from django.db.models import Min

from apps.core.money import Money
from apps.orders.models import Recovery, RecoveryAttempt
from apps.orders.modules.recoveries import choices, services
from apps.orders.modules.recoveries.tests.factories import DAY, RecoveryFactory


def euros(amount: str) -> Money:
    return Money.of(amount, "EUR")


def on_day(recovery: Recovery, day: int) -> datetime:
    at: datetime = recovery.opened_at + day * DAY
    return at


def days_pass(recovery: Recovery, until: int, since: int = 0) -> None:
    """The clock comes once a day; days on which it finds nothing are left out."""
    day = since
    while (step := _next_day(recovery, day)) is not None and step <= until:
        services.take_steps(on_day(recovery, step))
        day = step + 1
    recovery.refresh_from_db()


def _next_day(recovery: Recovery, since: int) -> int | None:
    rows = Recovery.objects.filter(status__in=choices.Recovery.CLOCKED)
    first: datetime | None = rows.aggregate(first=Min("next_step_at"))["first"]
    if first is None:
        return None
    return max(since, ceil((first - recovery.opened_at) / DAY))


def due(**named: Any) -> Recovery:
    """Day 14: the first charge is asked for."""
    recovery: Recovery = RecoveryFactory.create(**named)
    days_pass(recovery, 14)
    return recovery


def charging(**named: Any) -> Recovery:
    recovery = due(**named)
    recovery.charge_started(1, on_day(recovery, 14))
    return recovery


def kinds(recovery: Recovery) -> list[str]:
    return [
        event.kind.removeprefix("recovery.") for event in recovery.timeline.order_by("sequence")
    ]


def told(recovery: Recovery, kind: str) -> list[dict[str, Any]]:
    """The payloads of these events without the ids, in order."""
    events = recovery.timeline.filter(kind=f"recovery.{kind}").order_by("sequence")
    return [
        {name: event.payload[name] for name in event.payload if name not in {"recovery", "ret"}}
        for event in events
    ]


def attempts(recovery: Recovery) -> list[tuple[int, str, int]]:
    rows: list[RecoveryAttempt] = list(recovery.attempts.order_by("number"))
    return [(row.number, row.status, row.amount_minor) for row in rows]
