"""Who acts: set once at the edge (request, task, command), read when an Event is recorded."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

import pghistory

from apps.events import choices


@dataclass(frozen=True, slots=True)
class Actor:
    kind: str
    id: str = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}" if self.id else self.kind


SYSTEM = Actor(choices.Event.Actor.SYSTEM)
_current: ContextVar[Actor] = ContextVar("actor", default=SYSTEM)


def current() -> Actor:
    return _current.get()


@contextmanager
def acting(actor: Actor, **facts: str) -> Iterator[None]:
    """Events and audit history of what happens inside carry the actor; history the facts too."""
    token = _current.set(actor)
    try:
        with pghistory.context(actor=str(actor), **facts):
            yield
    finally:
        _current.reset(token)
