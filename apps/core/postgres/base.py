"""Django's PostgreSQL with a pool that is over a restart of the server at once, and with compilers
that remember."""

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, override

import psycopg
from django.db import InterfaceError, OperationalError
from django.db.backends.postgresql import base, operations
from psycopg_pool import ConnectionPool

_unchecked: ContextVar[bool] = ContextVar("unchecked", default=False)


class DatabaseOperations(operations.DatabaseOperations):
    compiler_module = "apps.core.postgres.compiler"


class DatabaseWrapper(base.DatabaseWrapper):
    ops_class = DatabaseOperations

    @property
    @override
    def pool(self) -> Any:
        """The first dead connection throws out all idle ones.

        psycopg's pool finds them one by one and waits 1, 2, 4 s between them: with three dead
        connections a caller has had its time-out of 5 s before it comes to a new one.
        """
        is_new = self.alias not in self._connection_pools  # type: ignore[attr-defined]
        pool: Any = super().pool
        if is_new and pool is not None and pool._check is not None:
            pool._check = lambda connection: check(pool, connection)
        return pool


def check(pool: "ConnectionPool[psycopg.Connection]", connection: psycopg.Connection) -> None:
    if _unchecked.get():
        return
    try:
        ConnectionPool.check_connection(connection)
    except psycopg.Error:
        pool.drain()
        raise


def asked_first[R](ask: Callable[[], R], connection: Any) -> R:
    """`ask` begins the work of a request and may be done twice: it is its own check, and saves the
    round trip of the pool's. On a dead connection it is asked again, on one that was checked."""
    token = _unchecked.set(True)
    try:
        return ask()
    except (InterfaceError, OperationalError):
        held = connection.connection
        if connection.in_atomic_block or held is None or not held.closed:
            raise
        connection.close()
    finally:
        _unchecked.reset(token)
    return ask()
