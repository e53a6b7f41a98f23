"""Rows that were read a moment ago, for who asks for the same one many times a second.

Only `recently` answers with them, and only with what it has read itself: everything else reads a
row as it is.
"""

import time
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.conf import settings

MOST = 1_000


class NotRemembered(LookupError):
    """Nobody has read the row within the last `ROWS_REMEMBERED`."""


@dataclass(slots=True)
class _Look:
    """At what is remembered, or at what is there, which is remembered then."""

    is_anew: bool = False
    has_remembered: bool = False


_look: ContextVar[_Look | None] = ContextVar("look", default=None)
# The row and until when, by time.monotonic().
_rows: dict[Any, tuple[float, Any]] = {}


def recently[R](look: Callable[[], R], anew: Callable[[], R]) -> R:
    """What `look` says of rows of a moment ago, where all are remembered and it says something;
    else what `anew` says, which looks at the rows as they are."""
    at_memory = _Look()
    try:
        said = _with(at_memory, look)
        if said is not None or not at_memory.has_remembered:
            return said
    except NotRemembered:
        pass
    return _with(_Look(is_anew=True), anew)


def row_of(key: Any, read: Callable[[], Any]) -> Any:
    """What `read` finds, or found a moment ago; what it does not find is never remembered."""
    look = _look.get()
    if look is None:
        return read()
    if not look.is_anew:
        until, row = _rows.get(key, (0, None))
        if until <= time.monotonic():
            raise NotRemembered
        look.has_remembered = True
        return row
    row = read()
    if row is not None:
        _keep(key, row, time.monotonic() + settings.ROWS_REMEMBERED.total_seconds())
    return row


def forget() -> None:
    _rows.clear()


def _with[R](look: _Look, act: Callable[[], R]) -> R:
    token = _look.set(look)
    try:
        return act()
    finally:
        _look.reset(token)


def _keep(key: Any, row: Any, until: float) -> None:
    if len(_rows) >= MOST:
        _rows.clear()
    _rows[key] = until, row
