"""Webhooks of a shop, signed its platform's way, and everything that can be wrong with them."""

import http.client
import random
import threading
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

from fakes.psp.clock import Clock
from fakes.psp.journal import Journal
from fakes.shops.faults import HOOKS, Faults
from fakes.shops.figures import Row
from fakes.shops.vendor import Hook, Vendor

TRIES = 3
HOUR = 3_600
FORGED = "c29tZWJvZHkgZWxzZSBzb21lYm9keSBlbHNl"


@dataclass(frozen=True)
class Delivery:
    url: str
    headers: dict[str, str]
    body: bytes
    id: str


class Hooks:
    """`via` is host:port of the process that answers for every address, "" for the address."""

    def __init__(self, clock: Clock, journal: Journal, faults: Faults, vendor: Vendor) -> None:
        self.clock, self.journal, self.faults, self.vendor = clock, journal, faults, vendor
        self.via = ""
        self._held: list[Delivery] = []

    def send(self, hook: Hook, subscription: Row) -> None:
        """Now by default, in a thread of its own; nobody listening is no error."""
        mode = self.faults.take(HOOKS, {"topic": hook.topic})
        name = mode.name if mode else ""
        if name == "hook_lost":
            return
        delivery = self._signed(hook, subscription, name)
        if name == "hook_shuffled":
            self._held.append(delivery)
            return
        seconds = mode.seconds if mode and name == "hook_late" else 0
        for _ in range(2 if name == "hook_doubled" else 1):
            work = threading.Timer(seconds, self._deliver, (delivery,))
            work.daemon = True
            work.start()

    def flush(self, seed: int = 0) -> int:
        """What was held goes out in another order."""
        held, self._held = self._held, []
        random.Random(seed).shuffle(held)  # noqa: S311
        for delivery in held:
            self._deliver(delivery)
        return len(held)

    def _signed(self, hook: Hook, subscription: Row, mode: str) -> Delivery:
        at = self.clock.now() - (HOUR if mode == "hook_old" else 0)
        secret = FORGED if mode == "hook_forged" else subscription["secret"]
        headers = self.vendor.signed(hook, {**subscription, "secret": secret}, at)
        told = {"Content-Type": "application/json", **hook.headers, **headers}
        return Delivery(subscription["url"], told, hook.body, hook.id)

    def _deliver(self, delivery: Delivery) -> None:
        for attempt in range(1, TRIES + 1):
            status = self._post(delivery)
            self.journal.write(
                "hook", sync=False, event=delivery.id, url=delivery.url, status=status,
                attempt=attempt,
            )  # fmt: skip
            if 200 <= status < 300 or status in (400, 401, 404):
                return
            time.sleep(0.2 * attempt)

    def _post(self, delivery: Delivery) -> int:
        """0 when nobody answered."""
        parts = urlsplit(delivery.url)
        near = urlsplit(f"//{self.via}") if self.via else parts
        peer = http.client.HTTPConnection(near.hostname or "", near.port or 80, timeout=10)
        path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        try:
            headers = {"Host": parts.netloc, **delivery.headers}
            peer.request("POST", path, delivery.body, headers)
            return peer.getresponse().status
        except OSError:
            return 0
        finally:
            peer.close()
