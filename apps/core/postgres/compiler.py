"""Django's compilers with a memory for what a statement says whenever it asks for a whole row: its
columns, its order and their converters. They are a third of the work of most statements."""

from collections.abc import Hashable
from typing import Any, override

from django.db import models
from django.db.backends.postgresql.compiler import (
    SQLAggregateCompiler,
    SQLDeleteCompiler,
    SQLInsertCompiler,
    SQLUpdateCompiler,
)
from django.db.backends.postgresql.compiler import SQLCompiler as Compiler
from django.db.models.expressions import Col

__all__ = [
    "SQLAggregateCompiler",
    "SQLCompiler",
    "SQLDeleteCompiler",
    "SQLInsertCompiler",
    "SQLUpdateCompiler",
]
_WHOLE_ROW: tuple[frozenset[str], bool] = (frozenset(), True)
_selects: dict[type[models.Model], Any] = {}
_orders: dict[Hashable, Any] = {}
_converters: dict[type[models.Model], Any] = {}
_names: dict[type[models.Model], frozenset[str]] = {}


class SQLCompiler(Compiler):
    whole: type[models.Model] | None = None
    _meta_ordering: Any

    @override
    def get_select(self, with_col_aliases: bool = False) -> Any:
        """Columns, class and annotations; the lists are the caller's own."""
        self.whole = None if with_col_aliases else whole_row_of(self.query)
        if self.whole is None:
            return super().get_select(with_col_aliases)
        if self.whole not in _selects:
            _selects[self.whole] = super().get_select()
        select, found, _ = _selects[self.whole]
        return [*select], {**found}, {}

    @override
    def get_order_by(self) -> Any:
        names = None if self.whole is None else own_order_of(self.query, self.whole)
        if names is None:
            return super().get_order_by()
        key = self.whole, names, self.query.standard_ordering
        if key not in _orders:
            _orders[key] = super().get_order_by(), self._meta_ordering
        order, self._meta_ordering = _orders[key]
        return [*order]

    @override
    def get_converters(self, expressions: list[Any]) -> Any:
        if self.whole is None:
            return super().get_converters(expressions)
        if self.whole not in _converters:
            _converters[self.whole] = super().get_converters(expressions)
        return _converters[self.whole]

    @override
    def compile(self, node: Any) -> Any:
        """A column of a table is its two names, unless a name of the query's own is the same."""
        if type(node) is not Col or not node.alias:
            return super().compile(node)
        query, column = self.query, node.target.column
        if query.extra or column in query.alias_map or column in query.external_aliases:
            return super().compile(node)
        alias = self.quote_cache.get(node.alias) or self.quote_name_unless_alias(node.alias)
        return f'{alias}."{column}"', []


def whole_row_of(query: Any) -> type[models.Model] | None:
    """The model whose every column the query selects, and nothing besides."""
    model: type[models.Model] | None = query.model
    if (
        model is None
        or not query.default_cols
        or query.select_related
        or query.extra
        or query.annotations
        or query.selected is not None
        or query.combinator
        or query.external_aliases
        or query.deferred_loading != _WHOLE_ROW
    ):
        return None
    options = model._meta
    is_plain = not options.parents and query.get_initial_alias() == options.db_table
    return model if is_plain and options.concrete_model is model else None


def own_order_of(query: Any, model: type[models.Model]) -> tuple[bool, *tuple[str, ...]] | None:
    """Whether it is the model's, and its columns, all of them the model's own."""
    if query.extra_order_by:
        return None
    is_default = query.default_ordering and not query.order_by
    names: tuple[Any, ...] = tuple(model._meta.ordering or ()) if is_default else query.order_by
    own = _own_names(model)
    if not all(isinstance(name, str) and name.removeprefix("-") in own for name in names):
        return None
    return is_default, *names


def _own_names(model: type[models.Model]) -> frozenset[str]:
    if model not in _names:
        fields = model._meta.local_concrete_fields
        _names[model] = frozenset(field.name for field in fields if not field.is_relation)
    return _names[model]
