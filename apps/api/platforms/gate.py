"""How much may come in: verified deliveries are counted in Valkey, several at once of who sends
many; who sends what is signed by nobody is turned away by the memory of the process once his minute
is full."""

import threading
import time
from dataclasses import dataclass

from rest_framework.exceptions import Throttled

from apps.api.common import limiter
from apps.api.common.limiter import Rule

PER_ACCOUNT = 3_000
PER_NETWORK = 6_000
MINUTE = 60
MOST_NETWORKS = 10_000
# A process asks for no more of a minute's deliveries at once, nor for more than this part of them.
MOST_AT_ONCE, SHARE = 30, 100


@dataclass(slots=True)
class Block:
    """Deliveries of a sender that are counted already: `left` of `size`, until its minute ends."""

    size: int
    left: int
    until: float


class Gate:
    """Raises Throttled with the seconds to wait; without Valkey everybody passes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._shut: dict[str, float] = {}
        self._blocks: dict[tuple[str, str], Block] = {}

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
        """Signed: the account's own limit, so that one shop cannot flood the others.

        Who comes again within his minute is counted two, four, eight at a time: what a process
        counted and never saw is less than what it saw, and at most MOST_AT_ONCE.
        """
        sender = network, account
        wanted = self._take(sender)
        if not wanted:
            return
        rules = [Rule(f"hook:{account}", PER_ACCOUNT, MINUTE), _of_network(network)]
        verdict = limiter.hit(rules, guarded=False, cost=wanted)
        if verdict is not None and not verdict.allowed and wanted > 1:
            wanted = 1
            verdict = limiter.hit(rules, guarded=False)
        if verdict is None:
            return
        if not verdict.allowed:
            raise Throttled(verdict.reset)
        self._keep(sender, Block(wanted, wanted - 1, time.monotonic() + verdict.reset))

    def _take(self, sender: tuple[str, str]) -> int:
        """0 where one was left, else how many to ask for."""
        with self._lock:
            block = self._blocks.get(sender)
            if block is None or block.until <= time.monotonic():
                return 1
            if block.left:
                block.left -= 1
                return 0
            most = min(MOST_AT_ONCE, PER_ACCOUNT // SHARE, PER_NETWORK // SHARE)
            return max(1, min(2 * block.size, most))

    def _keep(self, sender: tuple[str, str], block: Block) -> None:
        with self._lock:
            if len(self._blocks) >= MOST_NETWORKS:
                self._blocks.clear()
            self._blocks[sender] = block

    def _shut_out(self, network: str, seconds: int) -> None:
        now = time.monotonic()
        with self._lock:
            if len(self._shut) >= MOST_NETWORKS:
                self._shut = {name: until for name, until in self._shut.items() if until > now}
            self._shut[network] = now + seconds


def _of_network(network: str) -> Rule:
    return Rule(f"hooks:{network}", PER_NETWORK, MINUTE)


gate = Gate()
