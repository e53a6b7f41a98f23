"""Who processes the messages of a source: one handler each, registered by the floor above."""

import hashlib
from collections.abc import Callable

from apps.events.models import InboxMessage

type Handler = Callable[[InboxMessage], None]

_handlers: dict[str, Handler] = {}


class NoHandler(LookupError):
    """Nobody processes this source; the message is tried again and then parked."""


def digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def handles(source: str) -> Callable[[Handler], Handler]:
    """Register a function that may be called twice for a message; it raises to be called again."""

    def register(handler: Handler) -> Handler:
        if source in _handlers:
            raise ValueError(f"{source} has a handler already")
        _handlers[source] = handler
        return handler

    return register


def forget(source: str) -> None:
    _handlers.pop(source, None)


def handler_of(source: str) -> Handler:
    try:
        return _handlers[source]
    except KeyError:
        raise NoHandler(source) from None
