"""A fake shop for tests: a process of its own, told what happens there, asked what it did."""

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

from fakes.shops.figures import Row

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class FakeShop:
    """`address` without a slash at its end; rows and figures as `fakes.shops.book` keeps them."""

    address: str
    shop: str = "main"

    def reset(self) -> None:
        """Empty, and nothing wrong any more; for between two tests."""
        self.ask("POST", "reset")

    def mode(self, name: str, times: int | None = 1, **facts: Any) -> None:
        """`fakes.shops.faults` has their names; the next `times` calls or effects meet it."""
        self.ask("POST", "modes", mode=name, times=times, **facts)

    def clear_modes(self) -> None:
        self.ask("DELETE", "modes")

    def order(self, *lines: Row, **facts: Any) -> Row:
        """Seeded; without lines: two tees of 25.00 in one line, of which 5.00 was off."""
        tees = {"price": 2500, "quantity": 2, "discounts": [{"label": "HELLO", "amount": 500}]}
        return self.play("seed_order", {"lines": lines or (tees,), **facts})

    def variant(self, **facts: Any) -> Row:
        return self.play("seed_variant", facts)

    def edit(self, order_id: str, **changes: Any) -> Row:
        return self.play("edit_order", order_id, changes)

    def fulfil(self, order_id: str, **facts: Any) -> Row:
        return self.play("fulfil", order_id, facts)

    def refund(self, order_id: str, amount: int, **facts: Any) -> Row:
        """By somebody in the shop's own admin."""
        return self.play("refund", {"order_id": order_id, "amount": amount, **facts}, by="admin")

    def settle(self, refund_id: str, status: str = "done") -> Row:
        return self.play("settle", refund_id, status)

    def spend(self, credit_id: str, amount: int) -> Row:
        return self.play("spend_credit", credit_id, amount)

    def turn_return(self, return_id: str, status: str) -> Row:
        return self.play("turn_return", return_id, status)

    def play(self, verb: str, *given: Any, **named: Any) -> Row:
        asked = {"verb": verb, "with": given, "named": named}
        return dict(self.ask("POST", "play", shop=self.shop, **asked))

    def vendor(self, step: str, **facts: Any) -> Any:
        """What only this platform's desk can do."""
        return self.ask("POST", "vendor", step=step, shop=self.shop, **facts)

    def rows(self, table: str) -> list[Row]:
        """orders, refunds, returns, variants, moves, credits, notes, fulfilments or webhooks."""
        return list(self.ask("POST", "rows", table=table, shop=self.shop))

    def effects(self, effect: str = "", reference: str = "") -> list[Row]:
        """What was done through the API or in the admin, in order."""
        return [
            line for line in self.ask("GET", "effects")
            if effect in ("", line["effect"]) and reference in ("", line.get("reference"))
        ]  # fmt: skip

    def stock(self, variant_id: str = "v1") -> int | None:
        found = {row["id"]: row["available"] for row in self.rows("variants")}
        available: int | None = found[variant_id]
        return available

    def calls(self, method: str = "") -> list[Row]:
        return [each for each in self.ask("GET", "calls") if method in ("", each["method"])]

    def hooks(self) -> list[Row]:
        """Deliveries tried: `event`, `url`, `status` (0: nobody answered)."""
        return list(self.ask("GET", "hooks"))

    def hooks_via(self, host_and_port: str) -> None:
        """Every webhook goes there, with the host of its address in the Host header."""
        self.ask("POST", "hooks/via", via=host_and_port)

    def tell(self, topic: str, **row: Any) -> None:
        self.ask("POST", "hooks/tell", topic=topic, row=row, shop=self.shop)

    def flush_hooks(self, seed: int = 0) -> int:
        return int(self.ask("POST", "hooks/flush", seed=seed)["sent"])

    def clock(self, offset: float) -> None:
        self.ask("POST", "clock", offset=offset)

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
def running(fake: str, log: Path, port: int = 0) -> Iterator[FakeShop]:
    """`fake` is a module such as `fakes.custom`; it ends with the block, the log stays."""
    command = [sys.executable, "-m", fake, "--port", str(port), "--log", str(log)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        try:
            assert process.stdout is not None  # noqa: S101
            yield FakeShop(process.stdout.readline().strip())
        finally:
            process.kill()
