"""Keyset pages: a signed cursor, a stable unique last column, no offsets and no counts (C-08)."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, override
from uuid import UUID

import orjson
from django.conf import settings
from django.db import models
from django.db.models import Q
from rest_framework import serializers

from apps.api.common.fields import StrictDateTimeField
from apps.api.common.forms import QueryForm
from apps.core.errors import DomainError

DEFAULT_LIMIT, MAX_LIMIT = 25, 100
LONGEST_CURSOR = 600
_SIGNATURE = 16
UNIQUE = "id"


class InvalidCursor(DomainError):
    code = "invalid_cursor"
    title = "The cursor does not belong to this list"
    status = 400


@dataclass(frozen=True, slots=True)
class Ordering:
    """A column that is never null, then the unique id in the same direction; indexed together."""

    column: str
    descending: bool = True

    @property
    def name(self) -> str:
        return f"-{self.column}" if self.descending else self.column

    @property
    def columns(self) -> tuple[str, ...]:
        return (UNIQUE,) if self.column == UNIQUE else (self.column, UNIQUE)

    @property
    def order_by(self) -> tuple[str, ...]:
        return tuple(f"-{name}" if self.descending else name for name in self.columns)

    def after(self, values: Sequence[Any]) -> Q:
        """The rows behind `values`; the first condition alone bounds the index scan."""
        to = "lt" if self.descending else "gt"
        if len(values) == 1:
            return Q(**{f"{UNIQUE}__{to}": values[0]})
        first, last = values
        return Q(**{f"{self.column}__{to}e": first}) & (
            Q(**{f"{self.column}__{to}": first}) | Q(**{f"{UNIQUE}__{to}": last})
        )


NEWEST_FIRST = Ordering(UNIQUE)


@dataclass(frozen=True, slots=True)
class PageRequest:
    """What the caller asked; `after` is empty on the first page, else one value per column."""

    ordering: Ordering
    limit: int
    scope: str
    after: tuple[Any, ...] = ()
    updated_since: datetime | None = None

    @property
    def fetch(self) -> int:
        """One more than shown: the row that tells whether a next page exists."""
        return self.limit + 1

    def rows(self, queryset: models.QuerySet[Any, Any]) -> list[Any]:
        """The page's rows and one more, of a QuerySet of models or of `.values()`."""
        return list(self.cut(queryset))

    def cut[Q: models.QuerySet[Any, Any]](self, queryset: Q) -> Q:
        """The QuerySet of the page's rows and one more."""
        if self.updated_since is not None:
            queryset = queryset.filter(updated_at__gte=self.updated_since)
        if self.after:
            queryset = queryset.filter(self.ordering.after(self.after))
        return queryset.order_by(*self.ordering.order_by)[: self.fetch]

    def page(self, rows: Sequence[Any]) -> "Page":
        """From `limit + 1` rows (models or dicts that hold the ordering's columns) to a page."""
        shown = rows[: self.limit]
        if len(rows) <= self.limit:
            return Page(shown, None)
        last = shown[-1]
        values = [_read(last, name) for name in self.ordering.columns]
        return Page(shown, encode(self.scope, self.ordering.name, values))


@dataclass(frozen=True, slots=True)
class Page:
    rows: Sequence[Any]
    next_cursor: str | None

    def show(self, data: Sequence[Any]) -> dict[str, Any]:
        """The one shape of every list."""
        return {"data": data, "next_cursor": self.next_cursor}


def _read(row: Any, name: str) -> Any:
    return row[name] if isinstance(row, Mapping) else getattr(row, name)


class PageForm(QueryForm[Any]):
    """`cursor`, `limit`, `ordering`, `updated_since`; subclasses add filters and `into`.

    `.page` is the PageRequest once the form is judged; `orderings[0]` is the default.
    """

    orderings: Sequence[Ordering] = (NEWEST_FIRST,)

    cursor = serializers.CharField(required=False, max_length=LONGEST_CURSOR)
    limit = serializers.IntegerField(required=False, min_value=1, max_value=MAX_LIMIT)
    ordering = serializers.CharField(required=False, max_length=40)
    updated_since = StrictDateTimeField(required=False)

    page: PageRequest

    def validate_ordering(self, name: str) -> str:
        if name not in {ordering.name for ordering in self.orderings}:
            names = ", ".join(ordering.name for ordering in self.orderings)
            raise serializers.ValidationError(f"One of: {names}.", code="invalid_choice")
        return name

    @override
    def build(self, values: dict[str, Any]) -> Any:
        self.page = self._page(values)
        return super().build(values) if hasattr(self, "into") else self.page

    def _page(self, values: dict[str, Any]) -> PageRequest:
        name = values.pop("ordering", self.orderings[0].name)
        ordering = next(o for o in self.orderings if o.name == name)
        limit = values.pop("limit", DEFAULT_LIMIT)
        since = values.pop("updated_since", None)
        scope = type(self).__qualname__
        cursor = values.pop("cursor", None)
        after = decode(scope, name, cursor, len(ordering.columns)) if cursor else ()
        return PageRequest(ordering, limit, scope, after, since)


def encode(scope: str, ordering: str, values: Sequence[Any]) -> str:
    body = orjson.dumps([_tagged(value) for value in values])
    return base64.urlsafe_b64encode(_sign(scope, ordering, body) + body).decode().rstrip("=")


def decode(scope: str, ordering: str, cursor: str, columns: int) -> tuple[Any, ...]:
    """Raises InvalidCursor for a text that was not made by `encode` for this list and ordering."""
    try:
        raw = base64.b64decode(
            cursor.encode("ascii") + b"=" * (-len(cursor) % 4), altchars=b"-_", validate=True
        )
    except (UnicodeEncodeError, binascii.Error):
        raise InvalidCursor from None
    signature, body = raw[:_SIGNATURE], raw[_SIGNATURE:]
    if not hmac.compare_digest(signature, _sign(scope, ordering, body)):
        raise InvalidCursor
    values = tuple(_READERS[tag](value) for tag, value in orjson.loads(body))
    if len(values) != columns:
        raise InvalidCursor
    return values


def _sign(scope: str, ordering: str, body: bytes) -> bytes:
    key = hashlib.sha256(f"cursor:{settings.SECRET_KEY}".encode()).digest()
    text = f"{scope}\n{ordering}\n".encode()
    return hmac.new(key, text + body, hashlib.sha256).digest()[:_SIGNATURE]


_READERS: dict[str, Callable[[Any], Any]] = {
    "d": datetime.fromisoformat,
    "u": UUID,
    "i": int,
    "s": str,
}


def _tagged(value: Any) -> tuple[str, str | int]:
    if isinstance(value, datetime):
        return "d", value.isoformat()
    if isinstance(value, UUID):
        return "u", str(value)
    if isinstance(value, int):
        return "i", value
    return "s", str(value)
