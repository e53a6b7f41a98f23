"""Shopify's points, counted once for all workers: one bucket for each shop, in Valkey."""

import logging
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

import redis
from django.conf import settings

from apps.core.valkey import HastyClient
from apps.integrations.payloads import Payload

logger = logging.getLogger(__name__)
TIMEOUT = timedelta(milliseconds=300).total_seconds()
# Points that an operation costs which nobody has sent yet.
UNKNOWN_COST = 50
LIFE = 600_000
PREFIX = "shopify:points:"

# KEYS[1] is the bucket, ARGV the operation and the cost of an unknown one. Answers milliseconds to
# wait, or 0 once the points are taken.
_TAKE = """
local kept = redis.call('HMGET', KEYS[1], 'level', 'rate', 'most', 'at', 'cost:' .. ARGV[1])
if not kept[1] then return 0 end
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local rate, most = tonumber(kept[2]), tonumber(kept[3])
local level = math.min(most, tonumber(kept[1]) + (now - tonumber(kept[4])) * rate / 1000)
local cost = math.min(tonumber(kept[5] or ARGV[2]), most)
if level < cost then return math.ceil((cost - level) * 1000 / rate) end
redis.call('HSET', KEYS[1], 'level', level - cost, 'at', now)
return 0
"""
# ARGV: level, rate, most, operation, its cost, life of the bucket in ms.
_LEARN = """
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
redis.call('HSET', KEYS[1], 'level', ARGV[1], 'rate', ARGV[2], 'most', ARGV[3], 'at', now,
  'cost:' .. ARGV[4], ARGV[5])
redis.call('PEXPIRE', KEYS[1], ARGV[6])
return 0
"""


@dataclass(frozen=True, slots=True)
class Bucket:
    """Without Valkey nobody waits here, and Shopify itself says when it is too much."""

    domain: str

    def wait_for(self, operation: str) -> int:
        """Milliseconds until there are points enough; 0 takes them."""
        return self._run(_TAKE, operation, UNKNOWN_COST)

    def learn(self, operation: str, body: Payload) -> None:
        """From `extensions.cost` of any answer; one without it teaches nothing."""
        if cost := _cost(body):
            asked, left, rate, most = cost
            self._run(_LEARN, left, rate, most, operation, asked, LIFE)

    def _run(self, script: str, *arguments: Any) -> int:
        try:
            answer = client(settings.LIMITER_URL).register_script(script)(
                keys=[f"{PREFIX}{self.domain}"], args=arguments
            )
        except (redis.RedisError, OSError) as error:
            logger.warning("no common count of Shopify's points: %s", type(error).__name__)
            return 0
        return int(answer)


def pause(body: Payload) -> int:
    """Milliseconds that a throttled answer asks for; a second where it does not say."""
    cost = _cost(body)
    if cost is None:
        return 1000
    asked, left, rate, _ = cost
    return max(0, -((left - asked) * 1000 // rate))


def _cost(body: Payload) -> tuple[int, int, int, int] | None:
    """Requested cost, points left, points restored in a second, most points."""
    try:
        cost = body["extensions"]["cost"]
        status = cost["throttleStatus"]
        figures = (
            int(cost["requestedQueryCost"]),
            int(status["currentlyAvailable"]),
            int(status["restoreRate"]),
            int(status["maximumAvailable"]),
        )
    except (KeyError, TypeError, ValueError):
        return None
    return figures if figures[2] > 0 else None


@cache
def client(url: str) -> redis.Redis:
    return HastyClient.from_url(url, socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT)
