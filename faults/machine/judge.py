"""The product's own reconciliation after every step, fast enough to be asked that often.

Its queries are noted once, while there is nothing to find, and asked together in one prepared
statement from then on; when that finds a row, or at the end of a life, the product is asked itself.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import psycopg
from django.db import connection

from apps.core import clock
from apps.payments import services as payments

STATEMENT = "machine_judge"


class Judge:
    def __init__(self) -> None:
        self.queries: list[tuple[str, tuple[Any, ...]]] = []
        self.learned_at = clock.now()
        self.depends_on_time = False

    def learn(self) -> None:
        """Call it while the tables are empty: what finds something now decides in Python."""
        with connection.execute_wrapper(self._note):
            found = payments.reconcile()
        assert not found, found
        quiet = [query for query in self.queries if not self._finds(*query)]
        self.queries = quiet
        self.depends_on_time = any(
            isinstance(each, datetime) for _, params in quiet for each in params
        )
        self._prepare()

    def ask(self) -> None:
        """Raises AssertionError with the product's findings."""
        if self.depends_on_time:
            self._prepare()
        with connection.cursor() as cursor:
            cursor.execute(f"EXECUTE {STATEMENT}")
            suspects = cursor.fetchone()
        if suspects != (False,):
            self.ask_product()

    def ask_product(self) -> None:
        found = payments.reconcile()
        assert not found, "; ".join(map(str, found))

    def _note(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        self.queries.append((sql, tuple(params or ())))
        return execute(sql, params, many, context)

    def _prepare(self) -> None:
        parts = [f"EXISTS ({self._bound(*query)})" for query in self.queries]
        with connection.cursor() as cursor:
            cursor.execute(f"DEALLOCATE PREPARE {STATEMENT}" if self._is_prepared() else "SELECT 1")
            cursor.execute(f"PREPARE {STATEMENT} AS SELECT {' OR '.join(parts)}".replace("%", "%%"))

    def _is_prepared(self) -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_prepared_statements WHERE name = %s", [STATEMENT])
            return cursor.fetchone() is not None

    def _finds(self, sql: str, params: tuple[Any, ...]) -> bool:
        with connection.cursor() as cursor:
            cursor.execute(sql, params or None)
            return cursor.fetchone() is not None

    def _bound(self, sql: str, params: tuple[Any, ...]) -> str:
        """With its values in it; times move on with the clock."""
        passed = clock.now() - self.learned_at
        now = [each + passed if isinstance(each, datetime) else each for each in params]
        raw = connection.connection
        assert raw is not None
        return psycopg.ClientCursor(raw).mogrify(sql, now) if now else sql
