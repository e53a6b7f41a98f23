from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.dispatch import Signal
from pytest_django import DjangoAssertNumQueries

from apps.core.ids import uuid7
from apps.events import announcer, choices
from apps.events.models import Event
from apps.events.recorder import record, record_first
from apps.events.signals.signals import EventSignal
from apps.events.tests.factories import EventFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.enable_signals]

KIND = "announcer.tried"
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
NOW = LONG_AGO + timedelta(minutes=5)


class Ear:
    """Hears KIND and remembers; deaf to the events listed in `refuses`."""

    def __init__(self) -> None:
        self.heard: list[object] = []
        self.refuses: set[object] = set()

    def hear(self, event: Event, **named: object) -> None:
        if event.pk in self.refuses:
            raise ValueError("deaf")
        self.heard.append(event.pk)


@pytest.fixture
def ear() -> Iterator[Ear]:
    signal = EventSignal(KIND)
    ear = Ear()
    signal.connect(ear.hear)
    yield ear
    del EventSignal.by_kind[KIND]


def left_behind(**fields: object) -> Event:
    return EventFactory.create(kind=KIND, at=LONG_AGO, available_at=LONG_AGO, **fields)


class AnnounceTest:
    def test_told_after_commit_and_not_before(self, ear: Ear) -> None:
        with transaction.atomic():
            event = record("events.event", uuid7(), uuid7(), KIND, {})
            assert ear.heard == []
        assert ear.heard == [event.pk]
        event.refresh_from_db()
        assert event.announced_at is not None
        assert not Event.objects.unheard().exists()

    def test_many_are_told_and_marked_together(
        self, ear: Ear, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        subjects = [uuid7() for _ in range(3)]
        with django_assert_num_queries(4), transaction.atomic():  # two of them begin and commit
            record_first("events.event", uuid7(), KIND, [(pk, {"n": 1}) for pk in subjects])
        events = Event.objects.order_by("id")

        assert ear.heard == [event.pk for event in events]
        assert [(event.subject_id, event.sequence) for event in events] == [
            (pk, 1) for pk in subjects
        ]
        assert not Event.objects.unheard().exists()

    def test_of_many_the_unheard_wait_to_be_told_again(self, ear: Ear) -> None:
        def refuse_the_first(event: Event, **named: object) -> None:
            if not ear.refuses:
                ear.refuses.add(event.pk)
                raise ValueError("deaf")

        EventSignal.by_kind[KIND].connect(refuse_the_first)
        with transaction.atomic():
            record_first("events.event", uuid7(), KIND, [(uuid7(), {}), (uuid7(), {})])

        waiting = Event.objects.unheard().get()
        assert {waiting.pk} == ear.refuses
        assert waiting.attempts == 1

    def test_many_need_a_transaction(self) -> None:
        with pytest.raises(RuntimeError, match="transaction"):
            record_first("events.event", uuid7(), KIND, [])

    def test_not_told_when_rolled_back(self, ear: Ear) -> None:
        with transaction.atomic():
            record("events.event", uuid7(), uuid7(), KIND, {})
            transaction.set_rollback(True)
        assert ear.heard == []

    def test_kind_without_listeners_is_announced_at_once(self) -> None:
        with transaction.atomic():
            event = record("events.event", uuid7(), uuid7(), "nobody.listens", {})
        event.refresh_from_db()
        assert event.announced_at is not None

    def test_listener_that_raises_leaves_the_row_and_the_change(self, ear: Ear) -> None:
        event = left_behind()
        ear.refuses = {event.pk}
        assert announcer.announce(event) is False
        event.refresh_from_db()
        assert (event.announced_at, event.attempts) == (None, 1)
        assert event.available_at > NOW

    def test_a_kind_has_one_signal(self, ear: Ear) -> None:
        with pytest.raises(ValueError, match="signal already"):
            EventSignal(KIND)


class SweepTest:
    def test_tells_what_was_left_behind(self, ear: Ear) -> None:
        event = left_behind()
        assert announcer.sweep(NOW) == 1
        assert announcer.sweep(NOW) == 0
        assert ear.heard == [event.pk]

    def test_leaves_what_is_not_due(self, ear: Ear) -> None:
        EventFactory.create(kind=KIND, available_at=NOW + timedelta(seconds=1))
        assert announcer.sweep(NOW) == 0
        assert ear.heard == []

    def test_poison_does_not_block_the_others(self, ear: Ear) -> None:
        poison, *others = [left_behind() for _ in range(4)]
        ear.refuses = {poison.pk}
        assert announcer.sweep(NOW) == 3
        assert ear.heard == [event.pk for event in others]
        poison.refresh_from_db()
        assert poison.attempts == 1

    def test_parks_after_ten_attempts_and_says_so(
        self, ear: Ear, caplog: pytest.LogCaptureFixture
    ) -> None:
        poison = left_behind()
        ear.refuses = {poison.pk}
        far = NOW + timedelta(days=3650)
        assert [announcer.sweep(far, limit=1) for _ in range(12)] == [0] * 12
        poison.refresh_from_db()
        assert poison.attempts == choices.MAX_ATTEMPTS == 10
        assert poison.is_parked
        assert list(Event.objects.parked()) == [poison]
        assert [r.levelname for r in caplog.records if "parked" in r.message] == ["CRITICAL"]

    def test_parked_event_is_told_again_once_a_person_asks(self, ear: Ear) -> None:
        parked = left_behind(attempts=10)
        assert announcer.sweep(NOW) == 0
        assert parked.retell(NOW) is True
        assert parked.retell(NOW) is False
        assert announcer.sweep(NOW) == 1
        assert ear.heard == [parked.pk]

    def test_second_sweeper_passes_by_a_leased_event(self, ear: Ear) -> None:
        event = left_behind()
        with transaction.atomic():
            Event.objects.select_for_update().get(pk=event.pk)
            assert sweep_elsewhere() == 0
        assert sweep_elsewhere() == 1

    def test_attempt_is_counted_before_the_listener_can_kill_the_process(
        self, ear: Ear, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def killed(*args: object, **named: object) -> None:
            raise KeyboardInterrupt

        event = left_behind()
        monkeypatch.setattr(Signal, "send_robust", killed)
        with pytest.raises(KeyboardInterrupt):
            announcer.sweep(NOW)
        event.refresh_from_db()
        assert event.attempts == 1
        assert event.available_at == NOW + timedelta(seconds=150)

    def test_an_idle_sweep_asks_once(
        self, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        with django_assert_num_queries(3):
            assert announcer.sweep(NOW) == 0


def sweep_elsewhere() -> int:
    """A sweep in another thread, that is on another connection."""

    def run() -> int:
        try:
            return announcer.sweep(NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run).result(10)


class BackoffTest:
    def test_doubles_up_to_an_hour(self) -> None:
        waits = [choices.delay_after(n).total_seconds() for n in range(1, 12)]
        assert waits == [5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600]
        assert choices.lease_after(1).total_seconds() == 150
        assert choices.lease_after(7).total_seconds() == 320
