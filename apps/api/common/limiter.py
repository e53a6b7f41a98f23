"""The atomic limiter on Valkey (C-12): all of several counters take a hit, or none does."""

import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

logger = logging.getLogger(__name__)
PREFIX = "limit:"
# How long Valkey is left alone after it failed to answer, in seconds.
AWAY = 1
TIMEOUT = timedelta(milliseconds=300).total_seconds()
# A process that cannot see the others takes this part of a limit.
LOCAL_SHARE = 4

# KEYS are counters; ARGV is the cost, then limit and window (ms) of each. Answers, for each
# counter, its count and its remaining milliseconds, after a first 1 (taken) or 0 (refused).
_SCRIPT = """
local cost = tonumber(ARGV[1])
local taken = 1
for i, key in ipairs(KEYS) do
  local count = tonumber(redis.call('GET', key) or '0')
  if cost > 0 and count + cost > tonumber(ARGV[2 * i]) then taken = 0 end
end
local answer = {taken}
for i, key in ipairs(KEYS) do
  if taken == 1 and cost ~= 0 then
    local count = redis.call('INCRBY', key, cost)
    if count < 0 then redis.call('SET', key, 0, 'KEEPTTL') end
    if redis.call('PTTL', key) < 0 then redis.call('PEXPIRE', key, ARGV[2 * i + 1]) end
  end
  answer[#answer + 1] = tonumber(redis.call('GET', key) or '0')
  local left = redis.call('PTTL', key)
  answer[#answer + 1] = left > 0 and left or tonumber(ARGV[2 * i + 1])
end
return answer
"""


@dataclass(frozen=True, slots=True)
class Rule:
    """At most `limit` hits of `key` in `seconds`, counted from the first."""

    key: str
    limit: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """Of the rule nearest to its limit; `reset` is in whole seconds, rounded up."""

    allowed: bool
    limit: int
    remaining: int
    reset: int


def hit(rules: Sequence[Rule], *, guarded: bool, cost: int = 1) -> Verdict | None:
    """Count one call; None when Valkey is away and the route is not guarded (it passes)."""
    return _ask(rules, cost, guarded)


def peek(rules: Sequence[Rule], *, guarded: bool) -> Verdict | None:
    """What a hit would meet, without counting."""
    return _ask(rules, 0, guarded)


def give_back(rules: Sequence[Rule], *, guarded: bool) -> None:
    """Undo one hit, for limits that count failures only: hit first, give back on success."""
    _ask(rules, -1, guarded)


def _ask(rules: Sequence[Rule], cost: int, guarded: bool) -> Verdict | None:
    answer = _shared.ask(rules, cost)
    if answer is None:
        if not guarded:
            return None
        rules = [Rule(r.key, max(1, r.limit // LOCAL_SHARE), r.seconds) for r in rules]
        answer = _local.ask(rules, cost)
    return _verdict(rules, answer, cost)


def _verdict(rules: Sequence[Rule], answer: Sequence[int], cost: int) -> Verdict:
    taken, counts, lefts = answer[0], answer[1::2], answer[2::2]
    states = [
        (rule.limit - count, -left, rule)
        for rule, count, left in zip(rules, counts, lefts, strict=True)
    ]
    room, left, rule = min(states, key=lambda state: state[:2])
    allowed = bool(taken) and not (cost == 0 and room <= 0)
    return Verdict(allowed, rule.limit, max(0, room), -(left // 1000))


class _Shared:
    """The counters in Valkey, which is left alone for a moment after it failed to answer."""

    def __init__(self) -> None:
        self._away_until: float = 0

    def ask(self, rules: Sequence[Rule], cost: int) -> list[int] | None:
        if time.monotonic() < self._away_until:
            return None
        arguments = [cost, *(part for rule in rules for part in (rule.limit, rule.seconds * 1000))]
        keys = [PREFIX + rule.key for rule in rules]
        try:
            script = client(settings.LIMITER_URL).register_script(_SCRIPT)
            answer: list[int] = script(keys=keys, args=arguments)
        except (redis.RedisError, OSError) as error:
            logger.error("the limiter cannot reach Valkey: %s", type(error).__name__)
            self._away_until = time.monotonic() + AWAY
            return None
        return answer


@cache
def client(url: str) -> redis.Redis:
    return redis.Redis.from_url(
        url,
        socket_timeout=TIMEOUT,
        socket_connect_timeout=TIMEOUT,
        retry=Retry(NoBackoff(), 0),
    )


class _Local:
    """The same counters in this process, while Valkey is away."""

    MOST_KEYS = 10_000

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[str, tuple[int, float]] = {}

    def ask(self, rules: Sequence[Rule], cost: int) -> list[int]:
        now = time.monotonic()
        with self._lock:
            if len(self._counts) > self.MOST_KEYS:
                self._counts = {k: v for k, v in self._counts.items() if v[1] > now}
            states = [self._state(rule, now) for rule in rules]
            taken = cost <= 0 or all(
                count + cost <= rule.limit for rule, (count, _) in zip(rules, states, strict=True)
            )
            if taken:
                states = [(max(0, count + cost), until) for count, until in states]
                self._counts.update(
                    {rule.key: state for rule, state in zip(rules, states, strict=True)}
                )
        answer = [int(taken)]
        for count, until in states:
            answer += [count, max(1, round((until - now) * 1000))]
        return answer

    def _state(self, rule: Rule, now: float) -> tuple[int, float]:
        count, until = self._counts.get(rule.key, (0, 0))
        return (count, until) if until > now else (0, now + rule.seconds)


_shared = _Shared()
_local = _Local()
