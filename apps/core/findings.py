"""Queries whose answer must be empty, each with its invariant; every app registers its own.

docs/reconciliation.md says what each proves. A query costs one statement, whatever it finds.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

# More rows of one fault are the same fault: they are counted up to here and kept up to here.
MOST_FOUND = 1000

type Ask = Callable[[datetime, UUID | None], Iterable["Finding"]]
type Rows = QuerySet[Any, Any]


@dataclass(frozen=True, slots=True)
class Finding:
    """`subject` is the id of a row of `subject_type`, or the name of what is wrong."""

    invariant: str
    what: str
    subject: str
    query: str = ""
    subject_type: str = ""
    merchant_id: UUID | None = None

    def __str__(self) -> str:
        return f"{self.invariant} {self.what}: {self.subject}"


@dataclass(frozen=True, slots=True)
class Query:
    """`name` is `app.function`; with a merchant it looks at that merchant's rows alone."""

    name: str
    invariant: str
    what: str
    ask: Ask

    def found(self, at: datetime, merchant_id: UUID | None = None) -> list[Finding]:
        """At most MOST_FOUND + 1 findings: one more than that says that there are more."""
        return list(islice(self.ask(at, merchant_id), MOST_FOUND + 1))


_queries: dict[str, Query] = {}


def register(query: Query) -> Query:
    if query.name in _queries:
        raise ValueError(f"{query.name} is registered already")
    _queries[query.name] = query
    return query


def queries() -> list[Query]:
    return sorted(_queries.values(), key=lambda query: (query.invariant, query.name))


def find(at: datetime, merchant_id: UUID | None = None) -> list[Finding]:
    """All findings of all queries, of one merchant or of all."""
    return [finding for query in queries() for finding in query.found(at, merchant_id)]


def finds(
    invariant: str, what: str, *, subject: str = "pk"
) -> Callable[[Callable[[datetime], Rows]], Query]:
    """Registers a function that gives the faulty rows; they have a `merchant_id`.

    Groups instead of rows name their id by `subject`, and its type in a column `subject_type`.
    """

    def decorate(rows_at: Callable[[datetime], Rows]) -> Query:
        name = f"{rows_at.__module__.split('.')[1]}.{rows_at.__name__}"

        def ask(at: datetime, merchant_id: UUID | None) -> Iterator[Finding]:
            rows = rows_at(at)
            if merchant_id is not None:
                rows = rows.filter(merchant_id=merchant_id)
            columns = [subject, "merchant_id"] + (["subject_type"] if subject != "pk" else [])
            # Sorted here: neither an order nor a cursor may lure the planner from joining sums.
            for key, owner, *kind in sorted(rows.order_by().values_list(*columns)):
                subject_type = kind[0] if kind else rows.model._meta.label_lower
                yield Finding(invariant, what, str(key), name, subject_type, owner)

        return register(Query(name, invariant, what, ask))

    return decorate


def finds_names(invariant: str, what: str) -> Callable[[Callable[[], Iterable[str]]], Query]:
    """Registers a function that names what is wrong with the platform itself, no merchant's."""

    def decorate(names: Callable[[], Iterable[str]]) -> Query:
        name = f"{names.__module__.split('.')[1]}.{names.__name__}"

        def ask(at: datetime, merchant_id: UUID | None) -> Iterator[Finding]:
            if merchant_id is None:
                for wrong in names():
                    yield Finding(invariant, what, wrong, name)

        return register(Query(name, invariant, what, ask))

    return decorate
