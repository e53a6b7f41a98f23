"""Waiting for what must come true: looked at often, and never longer than the bound."""

import time
from collections.abc import Callable

EVERY = 0.05


class NeverCame(AssertionError):
    """What was waited for did not come true within its bound."""


def wait_for[T](what: str, look: Callable[[], T], within: float = 15) -> T:
    """The first answer of `look` that is true; raises NeverCame with the last one."""
    deadline = time.monotonic() + within
    while True:
        seen = look()
        if seen:
            return seen
        if time.monotonic() > deadline:
            raise NeverCame(f"{what}: not within {within:g} s (last seen: {seen!r})")
        time.sleep(EVERY)
