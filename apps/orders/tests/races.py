"""Real threads with connections of their own; only tests with real commits may use it."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

from django.db import connection

from apps.core.errors import DomainError

MAX_THREADS = 16


def in_parallel[T, R](act: Callable[[T], R], over: Iterable[T]) -> list[R | DomainError]:
    """Results in order; a refusal stands where it was raised."""

    def attempt(each: T) -> R | DomainError:
        try:
            return act(each)
        except DomainError as refusal:
            return refusal
        finally:
            connection.close()

    items = list(over)
    with ThreadPoolExecutor(min(MAX_THREADS, len(items))) as pool:
        return list(pool.map(attempt, items))
