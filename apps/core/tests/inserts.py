"""Rows of one `Factory.create()` go to PostgreSQL in one round trip, as they are at its end.

A row waits until its factory is done or another statement is executed. `save()` of a row that
waits does nothing, since the row is written as it is then.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from itertools import groupby
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Field, Model
from factory import enums
from factory.django import DjangoModelFactory
from polymorphic.models import PolymorphicModel

type Execute = Callable[[str, Any, bool, dict[str, Any]], Any]
type Table = tuple[str, tuple[Field[Any, Any], ...]]


class _Waiting(threading.local):
    """The rows of this thread, in the order of their making."""

    def __init__(self) -> None:
        self.depth = 0
        self.rows: list[Model] = []

    @contextmanager
    def until_done(self) -> Iterator[None]:
        """Around one factory; the outermost writes what still waits."""
        if self.depth:
            yield
            return
        self.depth = 1
        connection.execute_wrappers.append(self._first)
        try:
            yield
            self.write()
        finally:
            self.depth = 0
            self.rows = []
            connection.execute_wrappers.remove(self._first)

    def holds(self, row: Model) -> bool:
        return any(row is each for each in self.rows)

    def write(self) -> None:
        rows, self.rows = self.rows, []
        if not rows:
            return
        parts = [part for row in rows for part in _parts(row)]
        statements, params = [], []
        for (insert, one), same in groupby(parts, lambda part: part[0]):
            many = [values for _, values in same]
            statements.append(insert + ", ".join([one] * len(many)))
            params += [value for values in many for value in values]
        with connection.cursor() as cursor:
            cursor.execute("; ".join(statements), params)

    def _first(
        self, execute: Execute, sql: str, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        self.write()
        return execute(sql, params, many, context)


_waiting = _Waiting()


def _parts(row: Model) -> Iterator[tuple[tuple[str, str], list[Any]]]:
    """An INSERT for each table of the row, the parent's first, with its values."""
    for words, fields in _tables(type(row)):
        yield (
            words,
            [field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields],
        )


@cache
def _tables(model: type[Model]) -> tuple[tuple[tuple[str, str], tuple[Any, ...]], ...]:
    meta = model._meta.concrete_model._meta  # type: ignore[union-attr]
    above = tuple(table for parent in meta.parents for table in _tables(parent))
    fields = tuple(meta.local_concrete_fields)
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    insert = f"INSERT INTO {quote(meta.db_table)} ({columns}) VALUES "  # noqa: S608
    return (*above, ((insert, f"({', '.join(map(_placeholder, fields))})"), fields))


def _placeholder(field: Any) -> str:
    own = getattr(field, "get_placeholder", None)
    return own(None, None, connection) if own else "%s"


@cache
def _can_wait(model: type[Model]) -> bool:
    """Not when PostgreSQL makes a part of the row."""
    fields = model._meta.concrete_fields
    return not any(field.generated for field in fields) and model._meta.pk.default is not None


def _needs_no_answer(row: Model) -> bool:
    known = row.pk is not None and _can_wait(type(row))
    return known and not any(hasattr(value, "resolve_expression") for value in vars(row).values())


def _put(row: Model) -> None:
    if isinstance(row, PolymorphicModel):
        row.pre_save_polymorphic(using=DEFAULT_DB_ALIAS)
    for parent, link in row._meta.parents.items():
        if link is not None:
            setattr(row, link.attname, getattr(row, parent._meta.pk.attname))
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
    _waiting.rows.append(row)


_generate = DjangoModelFactory._generate.__func__  # type: ignore[attr-defined]
_create = DjangoModelFactory._create.__func__  # type: ignore[attr-defined]
_save_base = Model.save_base


def _generate_at_once(cls: Any, strategy: str, params: Any) -> Any:
    if strategy != enums.CREATE_STRATEGY:
        return _generate(cls, strategy, params)
    with _waiting.until_done():
        return _generate(cls, strategy, params)


def _create_later(cls: Any, model: type[Model], *args: Any, **kwargs: Any) -> Any:
    """At once where a row may be there already, or cacheops must hear of it."""
    if cls._meta.django_get_or_create or settings.CACHEOPS_ENABLED:
        return _create(cls, model, *args, **kwargs)
    row = model(*args, **kwargs)
    if _needs_no_answer(row):
        _put(row)
    else:
        row.save(force_insert=True)
    return row


def _save_unless_waiting(row: Model, *args: Any, **kwargs: Any) -> None:
    if not (_waiting.rows and _waiting.holds(row)):
        _save_base(row, *args, **kwargs)


def install() -> None:
    """From now on every factory works so."""
    DjangoModelFactory._generate = classmethod(_generate_at_once)  # type: ignore[assignment]
    DjangoModelFactory._create = classmethod(_create_later)  # type: ignore[assignment]
    Model.save_base = _save_unless_waiting  # type: ignore[method-assign, assignment]
