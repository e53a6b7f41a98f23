"""The pool after a restart of PostgreSQL, when every connection that it holds is dead."""

import copy
import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from celery.signals import task_prerun
from django.db import OperationalError, connection, connections

from apps.core.postgres import worker
from apps.core.postgres.base import DatabaseWrapper, asked_first


@pytest.fixture
def pooled(db: None) -> Iterator[DatabaseWrapper]:
    """A connection of a web process: its pool holds at most four."""
    settings = copy.deepcopy(connection.settings_dict)
    settings["CONN_MAX_AGE"] = 0
    settings["OPTIONS"] |= {"pool": {"min_size": 1, "max_size": 4, "timeout": 5}}
    wrapper = DatabaseWrapper(settings, alias="pooled")
    yield wrapper
    wrapper.close_pool()


@pytest.fixture
def kept(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[DatabaseWrapper]:
    """A connection as a worker's process has it."""
    settings = copy.deepcopy(connection.settings_dict) | {"CONN_MAX_AGE": None}
    monkeypatch.setitem(connections.settings, "kept", settings)
    # Under its own name a test would not be allowed to open it.
    wrapper = DatabaseWrapper(settings, alias="default")
    connections["kept"] = wrapper
    yield wrapper
    wrapper.close()
    del connections["kept"]


def backend_of(wrapper: DatabaseWrapper) -> int:
    with wrapper.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid: int = cursor.fetchone()[0]
    return pid


def kill(backends: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pid) FROM unnest(%s) AS pid", [backends])


class PoolTest:
    def test_four_dead_connections_cost_one_caller_a_second(self, pooled: DatabaseWrapper) -> None:
        pooled.pool.open()
        held = [pooled.pool.getconn() for _ in range(4)]
        backends = [each.info.backend_pid for each in held]
        for each in held:
            pooled.pool.putconn(each)
        kill(backends)

        started = time.monotonic()
        living = pooled.pool.getconn()

        assert living.execute("SELECT 1").fetchone() == (1,)
        assert time.monotonic() - started < 3
        pooled.pool.putconn(living)

    def test_a_first_read_is_its_own_check_and_is_asked_again_where_all_are_dead(
        self, pooled: DatabaseWrapper
    ) -> None:
        pooled.pool.open()
        held = [pooled.pool.getconn() for _ in range(2)]
        backends = [each.info.backend_pid for each in held]
        for each in held:
            pooled.pool.putconn(each)
        kill(backends)
        asked: list[int] = []

        def read() -> int:
            asked.append(1)
            return backend_of(pooled)

        living = asked_first(read, pooled)

        assert (len(asked), living in backends) == (2, False)
        assert asked_first(read, pooled) == living
        pooled.close()

    def test_a_first_read_that_is_refused_is_not_asked_again(self, pooled: DatabaseWrapper) -> None:
        asked: list[int] = []

        def read() -> None:
            asked.append(1)
            with pooled.cursor() as cursor:
                cursor.execute("SET statement_timeout = 1; SELECT pg_sleep(1)")

        with pytest.raises(OperationalError):
            asked_first(read, pooled)

        assert len(asked) == 1
        pooled.close()

    def test_no_pool_where_none_is_asked_for(self, db: None) -> None:
        settings = copy.deepcopy(connection.settings_dict)

        assert DatabaseWrapper(settings, alias="plain").pool is None


class WorkerTest:
    """`look_again` is what Celery is told to call before each task."""

    def task(self, *, is_eager: bool = False) -> Any:
        return SimpleNamespace(request=SimpleNamespace(is_eager=is_eager))

    def test_one_task_after_the_other_has_the_same_connection(self, kept: DatabaseWrapper) -> None:
        first = backend_of(kept)
        worker.look_again(self.task())

        assert backend_of(kept) == first

    def test_a_dead_one_is_not_the_next_tasks_trouble(self, kept: DatabaseWrapper) -> None:
        first = backend_of(kept)
        kill([first])
        worker.look_again(self.task())

        assert backend_of(kept) != first

    def test_unless_nobody_looks(self, kept: DatabaseWrapper) -> None:
        kill([backend_of(kept)])
        worker.look_again(self.task(is_eager=True))

        with pytest.raises(OperationalError):
            backend_of(kept)

    def test_celery_calls_it_and_leaves_the_connection_alone(self) -> None:
        from config.celery import app

        assert "core.postgres.worker" in {key[0] for key, _ in task_prerun.receivers}
        assert app.conf.get("CELERY_DB_REUSE_MAX") == 500
