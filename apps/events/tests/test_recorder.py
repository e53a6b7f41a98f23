"""Sequences under real concurrency; the subject of these tests is a JobRun row."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction

from apps.core.ids import uuid7
from apps.core.verbs import lock
from apps.events import actors, choices
from apps.events.models import Event, JobRun
from apps.events.recorder import record
from apps.events.tests.factories import EventFactory, JobRunFactory

MERCHANT = uuid7()


def tell_of(subject_id: UUID, **payload: int) -> Event:
    return record("events.jobrun", subject_id, MERCHANT, "run.tried", {**payload})


def sequences(subject_id: UUID) -> list[int]:
    return list(Event.objects.about("events.jobrun", subject_id).values_list("sequence", flat=True))


@pytest.mark.django_db
class RecordTest:
    def test_event_carries_subject_actor_and_payload(self) -> None:
        subject = uuid7()
        with actors.acting(actors.Actor(choices.Event.Actor.STAFF, "7")):
            event = tell_of(subject, units=2)
        assert (event.merchant_id, event.subject_id) == (MERCHANT, subject)
        assert (event.actor_kind, event.actor_id) == ("staff", "7")
        assert event.payload == {"units": 2}
        assert str(event) == "run.tried #1"

    def test_actor_is_the_system_outside_a_context(self) -> None:
        with actors.acting(actors.Actor(choices.Event.Actor.API, "k")):
            pass
        assert tell_of(uuid7()).actor_kind == "system"
        assert str(actors.current()) == "system"

    def test_sequence_counts_for_each_subject(self) -> None:
        first, second = uuid7(), uuid7()
        for subject in (first, second, first, first):
            tell_of(subject)
        assert sequences(first) == [1, 2, 3]
        assert sequences(second) == [1]

    def test_is_written_after_the_last_one_in_one_statement(
        self, django_assert_num_queries: Any
    ) -> None:
        subject = uuid7()
        tell_of(subject)
        with django_assert_num_queries(1):
            event = tell_of(subject, units=3)
        stored = Event.objects.get(pk=event.pk)

        assert (stored.sequence, stored.payload, stored.at) == (2, {"units": 3}, event.at)
        assert not event._state.adding


@pytest.mark.django_db(transaction=True)
class TransactionTest:
    def test_no_transaction_no_event(self) -> None:
        with pytest.raises(RuntimeError, match="transaction"):
            tell_of(uuid7())
        assert not Event.objects.exists()

    def test_rolled_back_change_leaves_no_event(self) -> None:
        subject = uuid7()
        with transaction.atomic():
            tell_of(subject)
            transaction.set_rollback(True)
        with transaction.atomic():
            tell_of(subject)
        assert sequences(subject) == [1]


@pytest.mark.django_db(transaction=True)
class SequenceRaceTest:
    def test_writers_that_lock_the_subject_leave_no_gap(self) -> None:
        run = JobRunFactory.create()
        start = threading.Barrier(6)

        def write(number: int) -> None:
            start.wait(10)
            with transaction.atomic():
                lock(run_again(run.pk))
                tell_of(run.pk, number=number)

        assert in_threads(write, range(6)) == [None] * 6
        assert sequences(run.pk) == [1, 2, 3, 4, 5, 6]

    def test_control_without_the_lock_the_second_writer_is_refused(self) -> None:
        run = JobRunFactory.create()
        first_wrote = threading.Event()

        def write(number: int) -> None:
            if number == 0:
                with transaction.atomic():
                    tell_of(run.pk)
                    first_wrote.set()
                    assert another_waits_for_this_transaction()
            else:
                assert first_wrote.wait(10)
                with transaction.atomic():
                    tell_of(run.pk)

        assert in_threads(write, range(2)) == [None, IntegrityError]
        assert sequences(run.pk) == [1]


@pytest.mark.django_db
class FactsTest:
    def test_facts_are_never_rewritten(self) -> None:
        event = EventFactory.create()
        with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
            Event.objects.filter(pk=event.pk).update(kind="return.rejected")

    def test_events_are_never_deleted(self) -> None:
        event = EventFactory.create()
        with pytest.raises(Exception, match="Cannot delete"), transaction.atomic():
            event.delete()

    def test_delivery_moves_on(self) -> None:
        event = EventFactory.create()
        assert Event.objects.filter(pk=event.pk).update(announced_at=event.at, attempts=1) == 1


def another_waits_for_this_transaction() -> bool:
    """Asked until it is so, for ten seconds."""
    asked = (
        "SELECT EXISTS (SELECT FROM pg_locks WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid)))"
    )
    until = time.monotonic() + 10
    with connection.cursor() as cursor:
        while time.monotonic() < until:
            cursor.execute(asked)
            if cursor.fetchone() == (True,):
                return True
    return False


def run_again(pk: UUID) -> JobRun:
    return JobRun(pk=pk)


def in_threads(write: Callable[[int], None], numbers: range) -> list[type[IntegrityError] | None]:
    """What each thread raised, in the order of its number; each has its own connection."""

    def attempt(number: int) -> type[IntegrityError] | None:
        try:
            write(number)
        except IntegrityError:
            return IntegrityError
        finally:
            connection.close()
        return None

    with ThreadPoolExecutor(len(numbers)) as pool:
        return list(pool.map(attempt, numbers))
