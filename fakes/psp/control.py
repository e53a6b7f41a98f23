"""The fake for tests: started as a process of its own, told what goes wrong, asked what it did."""

import http.client
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Psp:
    """`address` without a slash at its end."""

    address: str

    def mode(self, name: str, times: int | None = 1, **facts: Any) -> None:
        """The next `times` calls that fit meet it; None lets it stand."""
        self.ask("POST", "modes", modes=[{"mode": name, "times": times, **facts}])

    def clear_modes(self) -> None:
        self.ask("DELETE", "modes")

    def capture(self, api_key: str, amount: int, currency: str = "eur", **facts: Any) -> Any:
        """A payment intent with `amount` captured; `id`, `charge`, `captured` may be given."""
        return self.ask(
            "POST", "payment_intents", api_key=api_key, amount=amount, currency=currency, **facts
        )

    def settle(self, api_key: str, refund: str, status: str, reason: str = "") -> Any:
        return self.ask("POST", "settle", api_key=api_key, id=refund, status=status, reason=reason)

    def refund_by_hand(self, api_key: str, payment: str, amount: int) -> str:
        """In the vendor's dashboard; returns the refund's id."""
        made = self.ask("POST", "refunds", api_key=api_key, payment=payment, amount=amount)
        return str(made["id"])

    def pay(self, api_key: str, session: str) -> Any:
        """The shopper goes to the page of the session and does what it asks for."""
        return self.ask("POST", "till", step="pay", api_key=api_key, id=session)

    def turn_intent(self, api_key: str, intent: str, status: str) -> Any:
        """One that is processing ends: `succeeded`, or `requires_payment_method` when it fails."""
        return self.ask(
            "POST", "till", step="turn_intent", api_key=api_key, id=intent, status=status
        )

    def dispute(self, api_key: str, intent: str, amount: int) -> Any:
        return self.ask(
            "POST", "till", step="dispute", api_key=api_key, intent=intent, amount=amount
        )

    def close_dispute(self, api_key: str, dispute: str, status: str) -> Any:
        """`won` or `lost`."""
        return self.ask(
            "POST", "till", step="close_dispute", api_key=api_key, id=dispute, status=status
        )

    def captures(self, reference: str = "") -> list[dict[str, Any]]:
        """Payment intents that took money, by the reference in their metadata."""
        found = list(self.ask("GET", "captures"))
        return [each for each in found if reference in ("", each["metadata"].get("reference"))]

    def webhooks_to(self, url: str, secret: str, api_key: str = "", host: str = "") -> None:
        self.ask("POST", "webhooks", url=url, secret=secret, api_key=api_key, host=host)

    def flush_hooks(self, seed: int = 0) -> int:
        return int(self.ask("POST", "hooks/flush", seed=seed)["sent"])

    def clock(self, offset: float) -> None:
        """Seconds ahead of the machine's clock."""
        self.ask("POST", "clock", offset=offset)

    def key_life(self, seconds: float) -> None:
        self.ask("POST", "keys", life=seconds)

    def log(self) -> list[dict[str, Any]]:
        return list(self.ask("GET", "log"))

    def effects(self, reference: str = "") -> list[dict[str, Any]]:
        found = self.ask("GET", "effects")
        return [each for each in found if not reference or each["reference"] == reference]

    def calls(self, method: str = "") -> list[dict[str, Any]]:
        return [each for each in self.ask("GET", "calls") if method in ("", each["method"])]

    def hooks(self) -> list[dict[str, Any]]:
        """Deliveries tried: `event`, `status` (0: nobody answered)."""
        return list(self.ask("GET", "hooks"))

    def ask(self, method: str, path: str, **facts: Any) -> Any:
        parts = urlsplit(self.address)
        peer = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
        try:
            peer.request(method, f"/_control/{path}", json.dumps(facts))
            answer = peer.getresponse()
            body = json.loads(answer.read())
        finally:
            peer.close()
        if answer.status != 200:
            raise ValueError(f"{path}: {body}")
        return body


@contextmanager
def running(log: Path, port: int = 0, fake: str = "fakes.psp") -> Iterator[Psp]:
    """Ends with the block; the log stays."""
    command = [sys.executable, "-m", fake, "--port", str(port), "--log", str(log)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        try:
            assert process.stdout is not None  # noqa: S101
            yield Psp(process.stdout.readline().strip())
        finally:
            process.kill()
