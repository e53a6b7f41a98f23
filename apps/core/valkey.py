"""Valkey as a mere help: who finds it away goes on without it, and soon, not after retries."""

import time
from typing import Any, override

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

# Nanoseconds for which it is left alone after it failed to answer.
AWAY = 1_000_000_000


class HastyClient(redis.Redis):
    """For cacheops: no retry, and after one failure none is tried for a second."""

    def __init__(self, **named: Any) -> None:
        super().__init__(**named, retry=Retry(NoBackoff(), 0))
        self._away_until = 0

    @override
    def execute_command(self, *args: Any, **options: Any) -> Any:
        if time.monotonic_ns() < self._away_until:
            raise redis.ConnectionError("left alone: it did not answer just now")
        try:
            return super().execute_command(*args, **options)
        except (redis.ConnectionError, redis.TimeoutError):
            self._away_until = time.monotonic_ns() + AWAY
            raise
