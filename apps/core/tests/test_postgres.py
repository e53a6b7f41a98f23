"""The pool after a restart of PostgreSQL, when every connection that it holds is dead."""

import copy
import time
from collections.abc import Iterator

import pytest
from django.db import connection

from apps.core.postgres.base import DatabaseWrapper


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

    def test_no_pool_where_none_is_asked_for(self, db: None) -> None:
        settings = copy.deepcopy(connection.settings_dict)

        assert DatabaseWrapper(settings, alias="plain").pool is None
