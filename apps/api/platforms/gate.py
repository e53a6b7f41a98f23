"""How much may come in: a verified delivery is counted by one question to Valkey, and who sends
what is signed by nobody is turned away by the memory of the process once his minute is full."""

import threading
import time

from rest_framework.exceptions import Throttled

from apps.api.common import limiter
from apps.api.common.limiter import Rule

PER_ACCOUNT = 3_000
PER_NETWORK = 6_000
MINUTE = 60
MOST_NETWORKS = 10_000


class Gate:
    """Raises Throttled with the seconds to wait; without Valkey everybody passes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._shut: dict[str, float] = {}

    def check(self, network: str) -> None:
        """Asks nobody: before anything is looked up for the sender."""
        until = self._shut.get(network)
        if until is not None and (left := until - time.monotonic()) > 0:
            raise Throttled(left)

    def count_refused(self, network: str) -> None:
        """No signature, or a wrong one: the whole network waits once it has too many."""
        verdict = limiter.hit([_of_network(network)], guarded=False)
        if verdict is not None and not verdict.allowed:
            self._shut_out(network, verdict.reset)
            raise Throttled(verdict.reset)

    def count(self, network: str, account: str) -> None:
        """Signed: the account's own limit, so that one shop cannot flood the others."""
        rules = [Rule(f"hook:{account}", PER_ACCOUNT, MINUTE), _of_network(network)]
        verdict = limiter.hit(rules, guarded=False)
        if verdict is not None and not verdict.allowed:
            raise Throttled(verdict.reset)

    def _shut_out(self, network: str, seconds: int) -> None:
        now = time.monotonic()
        with self._lock:
            if len(self._shut) >= MOST_NETWORKS:
                self._shut = {name: until for name, until in self._shut.items() if until > now}
            self._shut[network] = now + seconds


def _of_network(network: str) -> Rule:
    return Rule(f"hooks:{network}", PER_NETWORK, MINUTE)


gate = Gate()
