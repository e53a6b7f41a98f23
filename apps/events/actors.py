"""Who acts: set once at the edge (request, task, command), read when an Event is recorded."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from apps.events import choices


@dataclass(frozen=True, slots=True)
class Actor:
    kind: str
    id: str = ""


SYSTEM = Actor(choices.Event.Actor.SYSTEM)
_current: ContextVar[Actor] = ContextVar("actor", default=SYSTEM)


def current() -> Actor:
    return _current.get()


@contextmanager
def acting(actor: Actor) -> Iterator[None]:
    token = _current.set(actor)
    try:
        yield
    finally:
        _current.reset(token)
