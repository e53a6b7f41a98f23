"""The pool after a restart of PostgreSQL, when every connection that it holds is dead."""

import copy
import time
from collections.abc import Iterator

import pytest
from django.db import OperationalError, connection

from apps.core.postgres.base import DatabaseWrapper, read_first


@pytest.fixture
def pooled(db: None) -> Iterator[DatabaseWrapper]:
    """A connection of a web process: its pool holds at most four."""
    settings = copy.deepcopy(connection.settings_dict)
    settings["OPTIONS"] |= {"pool": {"min_size": 1, "max_size": 4, "timeout": 5}}
    wrapper = DatabaseWrapper(settings, alias="pooled")
    yield wrapper
    wrapper.close_pool()


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
            with pooled.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                pid: int = cursor.fetchone()[0]
            return pid

        living = read_first(read, pooled)

        assert (len(asked), living in backends) == (2, False)
        assert read_first(read, pooled) == living
        pooled.close()

    def test_a_first_read_that_is_refused_is_not_asked_again(self, pooled: DatabaseWrapper) -> None:
        asked: list[int] = []

        def read() -> None:
            asked.append(1)
            with pooled.cursor() as cursor:
                cursor.execute("SET statement_timeout = 1; SELECT pg_sleep(1)")

        with pytest.raises(OperationalError):
            read_first(read, pooled)

        assert len(asked) == 1
        pooled.close()

    def test_no_pool_where_none_is_asked_for(self, db: None) -> None:
        settings = copy.deepcopy(connection.settings_dict)

        assert DatabaseWrapper(settings, alias="plain").pool is None
