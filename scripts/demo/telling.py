"""How the demo speaks: numbered steps, facts under them, progress that suits the terminal."""

import sys
import time
from collections.abc import Callable
from typing import Any

type Json = Any
# Seconds between two questions at the dashboard, which takes so many in a minute.
POLITE = 0.5


class Storyteller:
    def __init__(self) -> None:
        self.steps = 0
        self.proved: list[str] = []

    def step(self, title: str) -> None:
        self.steps += 1
        say(f"\n{self.steps:2}. {title}")

    def fact(self, text: str) -> None:
        say(f"      {text}")

    def tree(self, words: list[str]) -> None:
        for line in words:
            self.fact(f"| {line}")

    def prove(self, truth: bool, claim: str) -> None:
        """A demo that shows something false must not end well."""
        if not truth:
            raise SystemExit(f"the demo FAILED to prove: {claim}")
        self.proved.append(claim)
        self.fact(f"proved: {claim}")


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def money(amount: dict[str, str]) -> str:
    return f"{amount['amount']} {amount['currency']}"


def wait_for[T](
    what: str, ask: Callable[[], T | None], seconds: float = 60, every: float = 0.2
) -> T:
    """Asks again until there is an answer; the worker does its part meanwhile."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        answer = ask()
        if answer:
            return answer
        time.sleep(every)
    raise SystemExit(f"the demo waited {seconds:.0f} s in vain for {what}")


class Bar:
    """A bar on a terminal, a plain line per tenth elsewhere."""

    WIDTH = 40

    def __init__(self, label: str) -> None:
        self.label = label
        self.tenth = -1

    def show(self, done: int, total: int) -> None:
        share = done / total if total else 0
        if sys.stdout.isatty():
            filled = int(share * self.WIDTH)
            bar = "#" * filled + "." * (self.WIDTH - filled)
            sys.stdout.write(f"\r      {self.label} [{bar}] {done}/{total}")
            sys.stdout.write("\n" if total and done >= total else "")
            sys.stdout.flush()
        elif int(share * 10) > self.tenth:
            self.tenth = int(share * 10)
            say(f"      {self.label}: {done} of {total}")
