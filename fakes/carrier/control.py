"""The fake for tests: what goes wrong, what was bought, and a hand that scans."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fakes.psp.control import Psp, running


class Carrier(Psp):
    def scan(
        self, code: str, status: str = "in_transit", city: str = "Bilbao", **facts: Any
    ) -> Any:
        """The event that was sent; `at` is in seconds since 1970, `mode` test or production."""
        return self.ask("POST", "scan", code=code, status=status, city=city, **facts)

    def labels(self, reference: str = "", effect: str = "label.bought") -> list[dict[str, Any]]:
        """Labels bought (or `label.submitted`: given back), by our reference."""
        found = [each for each in self.ask("GET", "labels") if each["effect"] == effect]
        return [each for each in found if reference in ("", each["reference"])]


@contextmanager
def running_carrier(log: Path, port: int = 0) -> Iterator[Carrier]:
    with running(log, port, fake="fakes.carrier") as process:
        yield Carrier(process.address)
