"""Lets a fault in that the database would refuse; the test's rollback puts the guard back."""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from apps.core import clock, findings


def drop(table: str, *constraints: str) -> None:
    """Takes checks, keys and unique indexes off a table."""
    connection.check_constraints()
    with connection.cursor() as cursor:
        for name in constraints:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}")
            cursor.execute(f"DROP INDEX IF EXISTS {name}")


def write(sql: str, values: Sequence[Any] = ()) -> None:
    """Runs a statement with all triggers off, as nobody in the product can."""
    connection.check_constraints()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql, values)
        cursor.execute("SET LOCAL session_replication_role = origin")


def found() -> list[tuple[str, str]]:
    """(invariant, subject) of everything that every query finds now."""
    return [(each.invariant, each.subject) for each in findings.find(clock.now())]
