"""Many rows in one statement, from plain dictionaries: no model instance for each."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import orjson
from django.db import connection, models
from django.db.models import NOT_PROVIDED

type Row = dict[str, Any]


def insert(model: type[models.Model], rows: Sequence[Row], *, skip_known: bool = False) -> int:
    """How many were written; `rows` have attnames, the same in each, and a column that they do not
    name takes its default. `skip_known` leaves out those that break a unique constraint."""
    if not rows:
        return 0
    names = tuple(rows[0])
    values = _one(model, names, rows) if len(rows) == 1 else _columns(model, names, rows)
    sql = _statement(model, names, one=len(rows) == 1, skip_known=skip_known)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        written: int = cursor.rowcount
    return written


def columns_of(made: models.Model) -> Row:
    """An instance as a row of `insert`, and as one that is written."""
    made._state.adding = False
    return {field.attname: getattr(made, field.attname) for field in made._meta.concrete_fields}


def _columns(
    model: type[models.Model], names: tuple[str, ...], rows: Sequence[Row]
) -> list[list[Any]]:
    return [_column(field, rows) for field in _fields(model, names)]


def _one(model: type[models.Model], names: tuple[str, ...], rows: Sequence[Row]) -> list[Any]:
    row = rows[0]
    return [
        row[name] if name else _column(field, rows)[0] for field, name in _as_told(model, names)
    ]


def _column(field: "models.Field[Any, Any]", rows: Sequence[Row]) -> list[Any]:
    name = field.attname
    if name in rows[0]:
        values = [row[name] for row in rows]
    elif callable(field.default):
        values = [field.get_default() for _ in rows]
    else:
        values = [field.get_default()] * len(rows)
    if isinstance(field, models.JSONField):
        return [None if value is None else orjson.dumps(value).decode() for value in values]
    if getattr(field, "auto_now", False) and name not in rows[0]:
        return [field.pre_save(field.model(), add=True)] * len(rows)
    return values


@cache
def _fields(
    model: type[models.Model], names: tuple[str, ...]
) -> "tuple[models.Field[Any, Any], ...]":
    """Those told and those with a default; a null column that nobody names stays out."""
    return tuple(
        field
        for field in model._meta.concrete_fields
        if field.attname in names
        or field.default is not NOT_PROVIDED
        or getattr(field, "auto_now", False)
        or not field.null
    )


@cache
def _as_told(
    model: type[models.Model], names: tuple[str, ...]
) -> "tuple[tuple[models.Field[Any, Any], str], ...]":
    """Each with its name where its value goes in as it was told, else without one."""
    return tuple(
        (
            field,
            field.attname
            if field.attname in names and not isinstance(field, models.JSONField)
            else "",
        )
        for field in _fields(model, names)
    )


@cache
def _statement(
    model: type[models.Model], names: tuple[str, ...], *, one: bool, skip_known: bool
) -> str:
    """`unnest` of one array for each column; plain VALUES for one row, which is half the work."""
    fields = _fields(model, names)
    columns = ", ".join(f'"{field.column}"' for field in fields)
    types = [field.db_type(connection) for field in fields]
    if one:
        source = f"VALUES ({', '.join(f'%s::{kind}' for kind in types)})"
    else:
        source = f"SELECT * FROM unnest({', '.join(f'%s::{kind}[]' for kind in types)})"  # noqa: S608
    known = " ON CONFLICT DO NOTHING" if skip_known else ""
    # Names of tables and columns are the project's own.
    return f'INSERT INTO "{model._meta.db_table}" ({columns}) {source}{known}'
