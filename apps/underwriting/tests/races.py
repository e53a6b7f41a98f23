"""Real threads with connections of their own; only tests with real commits may use it."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

from django.db import connection

from apps.core.errors import DomainError


def in_parallel[T, R](
    act: Callable[[T], R], over: Iterable[T], threads: int = 16
) -> list[R | DomainError]:
    """Results in order; a refusal stands where it was raised."""

    def attempt(each: T) -> R | DomainError:
        try:
            return act(each)
        except DomainError as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(attempt, over))
