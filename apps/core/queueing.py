"""How many threads of a process may wait for locked rows: the others go on serving."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.conf import settings
from django.db import OperationalError


class Room:
    """So many seats as the settings say, made when the first thread comes."""

    def __init__(self) -> None:
        self._seats: threading.Semaphore | None = None
        self._lock = threading.Lock()

    @property
    def seats(self) -> threading.Semaphore:
        with self._lock:
            if self._seats is None:
                self._seats = threading.Semaphore(settings.LOCK_SEATS)
            return self._seats


_room = Room()


@contextmanager
def seat() -> Iterator[None]:
    """Raises what a lock time-out raises when none is free within LOCK_SEAT_WAIT."""
    seats = _room.seats
    if not seats.acquire(timeout=settings.LOCK_SEAT_WAIT.total_seconds()):
        raise OperationalError("too many wait for locks") from psycopg.errors.LockNotAvailable()
    try:
        yield
    finally:
        seats.release()
