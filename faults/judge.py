"""What must be true after every fault, waited for with a bound and then judged."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.models import Q

from apps.core import clock
from apps.events.models import Event, InboxMessage
from apps.payments import choices, services
from apps.payments.models import Payment
from apps.payments.services.creating import CLASSES
from apps.payments.services.sweeping import unpromised
from faults.rig import Rig
from faults.truth import differences
from faults.waiting import NeverCame, wait_for
from faults.world import CANARIES, World

WITHIN = 15.0
_ANSWERED = re.compile(r"^access (5\d\d) (.*)$", re.MULTILINE)
Status = choices.Payment.Status
IDLE = """SELECT pid, query FROM pg_stat_activity WHERE datname = current_database()
AND state LIKE 'idle in transaction%' AND now() - state_change > interval '1 second'"""


@dataclass(slots=True)
class Judge:
    """`allow` names statuses that the test provokes; `facts` are figures for the table."""

    rig: Rig
    world: World
    within: float = WITHIN
    allowed: set[int] = field(default_factory=set)
    checks: list[Callable[[], list[str]]] = field(default_factory=list)
    _from: dict[Path, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._from = {log: log.stat().st_size for log in self.rig.logs.glob("*.log")}

    def allow(self, *statuses: int) -> None:
        self.allowed.update(statuses)

    def also(self, check: Callable[[], list[str]]) -> None:
        """A check of the test's own, such as the fake PSP's; it names what is wrong."""
        self.checks.append(check)

    def complaints(self) -> list[str]:
        """Empty when all is well; what still waits after the bound is named."""
        try:
            wait_for("quiet", lambda: not list(unfinished()), self.within)
        except NeverCame:
            return [*unfinished(), *self._standing()]
        return self._standing()

    def _standing(self) -> list[str]:
        return [
            *(f"{each.invariant} {each.what}: {each.subject}" for each in services.reconcile()),
            *idle_in_transaction(),
            *differences(self.world),
            *self._server_errors(),
            *self._canaries(),
            *(complaint for check in self.checks for complaint in check()),
        ]

    def _server_errors(self) -> Iterator[str]:
        for log, text in self._logged():
            for status, line in _ANSWERED.findall(text):
                if int(status) not in self.allowed:
                    yield f"{log.name}: answered {status} to {line}"

    def _canaries(self) -> Iterator[str]:
        for log, text in self._logged():
            yield from (f"{log.name} holds {canary}" for canary in CANARIES if canary in text)

    def _logged(self) -> Iterator[tuple[Path, str]]:
        for log in sorted(self.rig.logs.glob("*.log")):
            with log.open("rb") as file:
                file.seek(self._from.get(log, 0))
                yield log, file.read().decode(errors="replace")


def unfinished() -> Iterator[str]:
    """What the product has still to do, or has given up."""
    yield from (f"unannounced: {event.kind} {event.subject_id}" for event in _unheard())
    waiting = InboxMessage.objects.exclude(status="done").exclude(is_thin=True, status="parked")
    yield from (f"inbox {row.status}: {row.source} {row.event_id}" for row in waiting)
    yield from (f"payment {row.status}: {row.pk}" for row in _open_payments())
    soon = clock.now() + settings.PAYMENT_SWEEP_AFTER + timedelta(seconds=1)
    yield from (f"accepted and never promised: {ret.pk}" for ret in unpromised(soon))


def idle_in_transaction() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(IDLE)
        return [f"idle in transaction: {pid} {query[:80]}" for pid, query in cursor.fetchall()]


def _unheard() -> list[Event]:
    return list(Event.objects.unheard()[:20])


def _open_payments() -> list[Payment]:
    """Being sent or without an answer, and those that wait for no person and were never sent."""
    alone = [gateway for gateway, model in CLASSES.items() if model.GOES_ALONE]
    rows = Payment.objects.non_polymorphic().filter(
        Q(status__in=(Status.PROCESSING, Status.UNKNOWN))
        | Q(status=Status.PENDING, gateway__in=alone)
    )
    return list(rows.exclude(gateway=choices.Payment.Gateway.BANK_TRANSFER)[:20])
