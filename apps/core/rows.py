"""QuerySets compiled once and run with other keys each time, for what every request asks."""

from collections.abc import Callable, Collection
from functools import cached_property
from typing import Any
from uuid import UUID

import psycopg as postgres
from django.db import connection, models
from django.db.models.query import get_related_populators

from apps.core import remembered

# Django's own loader of times is Python; this one is C where psycopg has it.
_TIMES: Any = postgres.adapters.get_loader(
    postgres.adapters.types["timestamptz"].oid, postgres.pq.Format.TEXT
)
NOBODY = UUID(int=0)
_ONE, _ANY = "IN (%s)", "= ANY(%s)"


class RowsOf:
    """`RowsOf(lambda ids: Line.objects.filter(order_id__in=ids).values_list(...)).of(ids)`.

    Compiling a statement of twenty columns costs more than PostgreSQL does to run it. JSON columns
    come as the text that PostgreSQL keeps, for `orjson.Fragment`.
    """

    def __init__(self, rows: Callable[[Collection[UUID]], models.QuerySet[Any, Any]]) -> None:
        self._rows = rows

    @cached_property
    def _sql(self) -> str:
        sql, parameters = self._rows([NOBODY]).query.sql_with_params()
        if len(parameters) != 1 or sql.count(_ONE) != 1:
            raise ValueError("the rows are chosen by one list of keys and nothing else")
        return sql.replace(_ONE, _ANY)

    def of(self, keys: Collection[UUID]) -> list[tuple[Any, ...]]:
        """One query, whatever the number of keys."""
        return fetch(self._sql, (list(keys),))


def read(values: models.QuerySet[Any, dict[str, Any]]) -> list[dict[str, Any]]:
    """What `list(values)` gives for a `.values()` QuerySet, but JSON columns as their text."""
    sql, parameters = values.query.sql_with_params()
    names = values.query.values_select
    return [dict(zip(names, row, strict=True)) for row in fetch(sql, parameters)]


def fetch(sql: str, parameters: Any) -> list[tuple[Any, ...]]:
    """Rows of a statement that is written out; JSON columns as their text."""
    with connection.cursor() as cursor:
        cursor.cursor.adapters.register_loader("timestamptz", _TIMES)
        cursor.execute(sql, parameters)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


class RowOf[M: models.Model, K: str | UUID = str]:
    """`RowOf(lambda prefix: ApiKey.objects.select_related("merchant").filter(prefix=prefix))`.

    `like` is any key of the kind, a text unless told: the statement is compiled with it once.
    """

    def __init__(self, rows: Callable[[K], models.QuerySet[M, M]], like: Any = "?") -> None:
        self._rows = rows
        self._like = like

    @cached_property
    def _compiled(self) -> Any:
        compiler: Any = self._rows(self._like).query.get_compiler(using=connection.alias)
        sql, parameters = compiler.as_sql()
        if parameters != (self._like,):
            raise ValueError("the row is found by one key and nothing else")
        return compiler, sql

    @cached_property
    def _columns(self) -> Any:
        """Where the model's own columns stand among those selected, what is made of the others,
        and what each value is converted by."""
        compiler, _ = self._compiled
        places = compiler.klass_info["select_fields"]
        own = slice(places[0], places[-1] + 1)
        names = [column[0].target.attname for column in compiler.select[own]]
        related = get_related_populators(  # type: ignore[call-arg]  # the stubs are those of Django 6
            compiler.klass_info, compiler.select, connection.alias
        )
        converters = compiler.get_converters([column[0] for column in compiler.select])
        return own, names, related, converters

    def of(self, key: K) -> M | None:
        """The row with its related rows as Django would make them; None when there is none."""
        found: M | None = remembered.row_of((self, key), lambda: self._read(key))
        return found

    def _read(self, key: K) -> M | None:
        compiler, sql = self._compiled
        with connection.cursor() as cursor:
            cursor.execute(sql, (key,))
            found = cursor.fetchone()
        if found is None:
            return None
        own, names, related, converters = self._columns
        row = next(iter(compiler.apply_converters([found], converters)))
        made: M = compiler.klass_info["model"].from_db(connection.alias, names, row[own])
        for each in related:
            each.populate(row, made)
        return made
