"""The one clock: aware UTC, movable by tests and the sandbox, read at the edges only."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta

_offset: ContextVar[timedelta] = ContextVar("clock_offset", default=timedelta(0))


def now() -> datetime:
    return datetime.now(UTC) + _offset.get()


def running_from(at: datetime) -> Callable[[], datetime]:
    """A clock that says `at` now and goes on, for work that takes longer than a lease."""
    ahead = at - now()
    return lambda: now() + ahead


@contextmanager
def moved(by: timedelta) -> Iterator[None]:
    """Inside the block `now()` is `by` later; other threads and tasks are not touched."""
    token = _offset.set(_offset.get() + by)
    try:
        yield
    finally:
        _offset.reset(token)
