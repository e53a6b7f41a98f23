"""A breaker for each account at each peer, shared by all processes through Valkey (P-12).

After five failures in a row the peer is left alone for that account; once in CIRCUIT_PAUSE a call
tries again, and one good answer closes the circuit. At most AT_ONCE calls are under way, and one
after a failure, so that an account whose peer hangs never takes every worker. Where Valkey is away,
every call passes.
"""

import logging
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from uuid import uuid4

import redis
from django.conf import settings

from apps.core.valkey import HastyClient

logger = logging.getLogger(__name__)
FAILURES = 5
AT_ONCE = 2
# Failures further apart than this are not in a row; a circuit nobody uses is forgotten as well.
MEMORY_SECONDS = 3_600
WAIT = timedelta(milliseconds=300).total_seconds()

# KEYS: failures, probe, calls. ARGV: own name, longest call (ms), at once, failures, probe (ms).
# Answers 1 where the call may be made; one whose process died is forgotten after its longest time.
_ENTER = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', now)
local failures = tonumber(redis.call('GET', KEYS[1]) or '0')
local room = failures == 0 and tonumber(ARGV[3]) or 1
if redis.call('ZCARD', KEYS[3]) >= room then return 0 end
if failures >= tonumber(ARGV[4]) then
  if not redis.call('SET', KEYS[2], ARGV[1], 'NX', 'PX', ARGV[5]) then return 0 end
end
redis.call('ZADD', KEYS[3], now + ARGV[2], ARGV[1])
redis.call('PEXPIRE', KEYS[3], ARGV[2])
return 1
"""
# ARGV: own name, 1 for a good answer, failures, probe (ms), memory (s). Opens for a whole pause.
_LEAVE = """
redis.call('ZREM', KEYS[3], ARGV[1])
if ARGV[2] == '1' then return redis.call('DEL', KEYS[1], KEYS[2]) end
local failures = redis.call('INCR', KEYS[1])
redis.call('EXPIRE', KEYS[1], ARGV[5])
if failures == tonumber(ARGV[3]) then redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[4]) end
return failures
"""


class NoCircuit:
    """Of a peer that is the same for everybody."""

    def enter(self, longest: float) -> bool:
        return True

    def leave(self, *, is_well: bool) -> None:
        """Nothing is remembered."""


@dataclass(frozen=True, slots=True)
class Circuit(NoCircuit):
    """One call's way through the circuit of `name`, which is peer and account."""

    name: str
    call: str = field(default_factory=lambda: uuid4().hex)

    def enter(self, longest: float) -> bool:
        """False when the peer is to be left alone; `longest` is the call's limit in seconds."""
        milliseconds = round(longest * 1000) + 1000
        limits = (AT_ONCE, FAILURES, _pause())
        return self._run(_ENTER, self.call, milliseconds, *limits) != 0

    def leave(self, *, is_well: bool) -> None:
        limits = (FAILURES, _pause(), MEMORY_SECONDS)
        failures = self._run(_LEAVE, self.call, int(is_well), *limits)
        if not is_well and failures == FAILURES:
            logger.error("%s: left alone after %s failures", self.name, FAILURES)

    def _run(self, script: str, *arguments: str | int) -> int | None:
        keys = [f"circuit:{{{self.name}}}:{part}" for part in ("failures", "probe", "calls")]
        try:
            return int(_valkey().eval(script, len(keys), *keys, *arguments))
        except redis.RedisError as error:
            logger.warning("no circuit for %s: %s", self.name, type(error).__name__)
            return None


def _pause() -> int:
    pause: timedelta = settings.CIRCUIT_PAUSE
    return round(pause.total_seconds() * 1000)


@cache
def _valkey() -> redis.Redis:
    return HastyClient.from_url(
        settings.LIMITER_URL, socket_timeout=WAIT, socket_connect_timeout=WAIT
    )
