"""Findings become rows: touched when found again, resolved when gone, opened again when back."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError

from apps.core import clock, findings
from apps.core.findings import Finding, Query
from apps.core.history import versions_of
from apps.core.ids import uuid7
from apps.events import tasks
from apps.events.models import JobRun
from apps.events.modules.reconciliation import services
from apps.events.modules.reconciliation.models import (
    ReconciliationItem,
    ReconciliationRun,
)
from apps.events.tests.factories import ReconciliationItemFactory, ReconciliationRunFactory

pytestmark = pytest.mark.django_db
AT = clock.now()
HOUR = timedelta(hours=1)
MERCHANT = uuid7()


class World:
    """Its faults are what the only query finds."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        self.is_down = False

    def ask(self, at: datetime, merchant_id: object) -> Iterator[Finding]:
        if self.is_down:
            raise DatabaseError("statement timeout")
        for fault in self.faults:
            yield Finding("I-99", "a row is wrong", fault, "core.world", "orders.order", MERCHANT)


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(findings, "_queries", {})
    world = World()
    findings.register(Query("core.world", "I-99", "a row is wrong", world.ask))
    return world


def states() -> dict[str, str]:
    return dict(ReconciliationItem.objects.values_list("subject", "status"))


class RunTest:
    def test_sound_world(self, world: World) -> None:
        run = services.reconcile(AT)

        assert (run.queries, run.found, run.opened, run.resolved, run.failed) == (1, 0, 0, 0, 0)
        assert run.done_at is not None
        assert str(run) == f"reconciliation of {AT:%Y-%m-%d %H:%M}"

    def test_found_again_is_the_same_row(self, world: World) -> None:
        world.faults = ["a", "b"]
        first = services.reconcile(AT)
        second = services.reconcile(AT + HOUR)

        assert (first.found, first.opened, second.found, second.opened) == (2, 2, 2, 0)
        item = ReconciliationItem.objects.get(subject="a")
        assert (item.first_seen_at, item.last_seen_at) == (AT, AT + HOUR)
        assert (item.merchant_id, item.subject_type) == (MERCHANT, "orders.order")
        assert versions_of(item).count() == 1
        assert str(item) == "I-99 a row is wrong: a"

    def test_gone_resolves_and_back_opens_again(self, world: World) -> None:
        world.faults = ["a", "b"]
        services.reconcile(AT)
        services.tell_staff(AT)
        world.faults = ["b"]
        assert services.reconcile(AT + HOUR).resolved == 1
        assert states() == {"a": "resolved", "b": "open"}

        world.faults = ["a", "b"]
        assert services.reconcile(AT + 2 * HOUR).opened == 1
        item = ReconciliationItem.objects.get(subject="a")
        assert (item.status, item.times_opened, item.told_at) == ("open", 2, None)
        assert (item.first_seen_at, item.opened_at) == (AT, AT + 2 * HOUR)

    def test_an_older_run_undoes_nothing_of_a_newer(self, world: World) -> None:
        world.faults = ["a"]
        services.reconcile(AT + HOUR)
        world.faults = []
        assert services.reconcile(AT).resolved == 0
        services.reconcile(AT + 2 * HOUR)
        world.faults = ["a"]

        assert services.reconcile(AT + HOUR).opened == 0
        assert states() == {"a": "resolved"}

    def test_a_query_that_cannot_be_asked_resolves_nothing(
        self, world: World, caplog: pytest.LogCaptureFixture
    ) -> None:
        world.faults = ["a"]
        services.reconcile(AT)
        world.is_down = True

        run = services.reconcile(AT + HOUR)

        assert (run.failed, run.resolved) == (1, 0)
        assert states() == {"a": "open"}
        assert "core.world could not be asked: statement timeout" in caplog.text

    def test_more_than_can_be_kept_resolves_nothing(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(findings, "MOST_FOUND", 2)
        world.faults = ["z"]
        services.reconcile(AT)
        world.faults = ["a", "b", "c"]

        run = services.reconcile(AT + HOUR)

        assert (run.found, run.opened, run.resolved) == (3, 2, 0)
        assert states() == {"a": "open", "b": "open", "z": "open"}

    def test_items_of_a_query_that_is_gone(self, world: World) -> None:
        item = ReconciliationItemFactory.create(last_seen_at=AT - HOUR)
        services.reconcile(AT)

        item.refresh_from_db()
        assert item.status == "resolved"

    def test_explained_stays_explained(self, world: World) -> None:
        world.faults = ["a"]
        services.reconcile(AT)
        ReconciliationItem.objects.update(status="explained", note="known")

        assert services.reconcile(AT + HOUR).opened == 0
        assert states() == {"a": "explained"}

    def test_new_findings_are_critical(
        self, world: World, caplog: pytest.LogCaptureFixture
    ) -> None:
        world.faults = ["a", "b"]
        services.reconcile(AT)

        assert "I-99 a row is wrong: 2 new findings" in caplog.text
        assert caplog.records[-1].levelname == "CRITICAL"


class TasksTest:
    def test_once_an_hour_however_many_beats(self, world: World) -> None:
        world.faults = ["a"]

        assert [tasks.reconcile(), tasks.reconcile()] == [1, None]
        assert ReconciliationRun.objects.count() == 1
        assert JobRun.objects.get().job == "reconcile"

    def test_old_runs_are_pruned(self) -> None:
        young = ReconciliationRunFactory.create(started_at=AT - timedelta(days=99))
        ReconciliationRunFactory.create(started_at=AT - timedelta(days=101))
        tasks.prune_events()

        assert ReconciliationRun.objects.get() == young
