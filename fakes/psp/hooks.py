"""Webhooks, signed as Stripe signs, and everything that can be wrong about their delivery."""

import hashlib
import hmac
import http.client
import json
import random
import threading
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from fakes.psp.book import Row
from fakes.psp.clock import Clock
from fakes.psp.journal import Journal
from fakes.psp.modes import Mode

ANYBODY = "*"
TRIES = 3
HOUR = 3_600


@dataclass(frozen=True)
class Endpoint:
    """`host` is sent as the Host header where the address is an IP."""

    url: str
    secret: str
    host: str = ""


class Hooks:
    def __init__(self, clock: Clock, journal: Journal) -> None:
        self.clock, self.journal = clock, journal
        self.endpoints: dict[str, Endpoint] = {}
        self._held: list[tuple[Endpoint, bytes, str]] = []

    def send(self, account: str, event: Row, mode: Mode | None = None) -> None:
        """Now by default, in a thread of its own; nobody listening is no error."""
        endpoint = self.endpoints.get(account) or self.endpoints.get(ANYBODY)
        name = mode.name if mode else ""
        if endpoint is None or name == "hook_lost":
            return
        body = json.dumps(event).encode()
        if name == "hook_shuffled":
            self._held.append((endpoint, body, event["id"]))
            return
        signature = self._sign(endpoint, body, name)
        if name == "hook_before":
            self._deliver(endpoint, body, signature, event["id"])
            return
        seconds = float(mode.facts.get("seconds", 1)) if mode and name == "hook_late" else 0
        for _ in range(2 if name == "hook_doubled" else 1):
            work = threading.Timer(seconds, self._deliver, (endpoint, body, signature, event["id"]))
            work.daemon = True
            work.start()

    def flush(self, seed: int = 0) -> int:
        """What was held goes out in another order."""
        held, self._held = self._held, []
        random.Random(seed).shuffle(held)  # noqa: S311
        for endpoint, body, event_id in held:
            self._deliver(endpoint, body, self._sign(endpoint, body, ""), event_id)
        return len(held)

    def _sign(self, endpoint: Endpoint, body: bytes, mode: str) -> str:
        at = self.clock.seconds() - (HOUR if mode == "hook_old" else 0)
        secret = "whsec_of_somebody_else" if mode == "hook_forged" else endpoint.secret
        signed = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256)
        return f"t={at},v1={signed.hexdigest()}"

    def _deliver(self, endpoint: Endpoint, body: bytes, signature: str, event: str) -> None:
        for attempt in range(1, TRIES + 1):
            status = _post(endpoint, body, signature)
            self.journal.write("hook", event=event, url=endpoint.url, status=status, try_=attempt)
            if 200 <= status < 300 or status in (400, 401):
                return
            time.sleep(0.2 * attempt)


def _post(endpoint: Endpoint, body: bytes, signature: str) -> int:
    """0 when nobody answered."""
    parts = urlsplit(endpoint.url)
    peer = http.client.HTTPConnection(parts.hostname or "", parts.port or 80, timeout=10)
    headers: dict[str, Any] = {"Content-Type": "application/json", "Stripe-Signature": signature}
    if endpoint.host:
        headers["Host"] = endpoint.host
    try:
        peer.request("POST", parts.path or "/", body, headers)
        return peer.getresponse().status
    except OSError:
        return 0
    finally:
        peer.close()
