"""What goes wrong at a shop: modes for the next calls, or for the next effects whoever asks.

A mode is `{"mode": name, "times": 1, ...}`; `times` None lets it stand. With `effect` (`refund`,
`return`, `order`, `cancel`, `stock`, `credit`, `note`, `webhook`) it meets the call that does that,
however many calls the platform needs on the way. Without, it meets the next call that `method`,
`path` (a beginning) and `operation` (the vendor's word for the call) let through.

- `rate_limit` (`retry_after`), `error_before`, `reset_before`, `hang_before` (`seconds`, then it
  works), `hang_drop` (never works), `refuse` (`status`, `code`), `unauthorized`: nothing was done
- `error_after`, `reset_after`, `hang_after` (`seconds`): it was done, nobody hears of it
- `schema_break`, `html`, `huge` (`bytes`), `drip` (`seconds`), `cut` (half of it): the answer is
  bent
- `refund_pending`, `refund_failed`: the life of the next refund
- `hook_late` (`seconds`), `hook_doubled`, `hook_shuffled` (held until flushed), `hook_forged`,
  `hook_old`, `hook_lost`: the next webhooks, of one `topic` or of any
"""

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from fakes.psp.refusals import Refusal

BEFORE = frozenset({
    "rate_limit", "error_before", "reset_before", "hang_before", "hang_drop", "refuse",
    "unauthorized",
})  # fmt: skip
AFTER = frozenset({"error_after", "reset_after", "hang_after"})
BENT = frozenset({"schema_break", "html", "huge", "drip", "cut"})
LIVES = frozenset({"refund_pending", "refund_failed"})
HOOKS = frozenset({
    "hook_late", "hook_doubled", "hook_shuffled", "hook_forged", "hook_old", "hook_lost",
})  # fmt: skip
NAMES = BEFORE | AFTER | BENT | LIVES | HOOKS

REFUSED = {
    "rate_limit": (429, "rate_limit"),
    "error_before": (500, "outage"),
    "unauthorized": (401, "unauthorized"),
    "refuse": (422, "refused"),
}

_made: ContextVar[list[str] | None] = ContextVar("made", default=None)


class Cut(Exception):
    """The connection ends here, without an answer."""


@dataclass
class Mode:
    name: str
    times: int | None = 1
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def seconds(self) -> float:
        return float(self.facts.get("seconds", 1))

    def fits(self, met: Mapping[str, str]) -> bool:
        """`path` by its beginning, everything else by being equal."""
        wanted = {name: self.facts[name] for name in met if name in self.facts}
        path = wanted.pop("path", "")
        return met.get("path", "").startswith(path) and all(
            met[name] == value for name, value in wanted.items()
        )


class Faults:
    def __init__(self) -> None:
        self._waiting: list[Mode] = []
        self._lock = threading.Lock()

    def add(self, facts: dict[str, Any]) -> None:
        """Raises KeyError for a name that is no mode."""
        name = facts.pop("mode")
        if name not in NAMES:
            raise KeyError(name)
        with self._lock:
            self._waiting.append(Mode(name, facts.pop("times", 1), facts))

    def clear(self) -> None:
        with self._lock:
            self._waiting = []

    def take(self, names: frozenset[str], met: Mapping[str, str]) -> Mode | None:
        """The first that fits, used up by one; those bound to an effect only meet effects."""
        of_effect = "effect" in met
        with self._lock:
            for mode in self._waiting:
                bound = "effect" in mode.facts
                if mode.name in names and bound == of_effect and mode.fits(met):
                    if mode.times is not None:
                        mode.times -= 1
                        if mode.times <= 0:
                            self._waiting.remove(mode)
                    return mode
        return None

    @contextmanager
    def watching(self) -> Iterator[list[str]]:
        """Gives the effects that the call has had so far."""
        made: list[str] = []
        token = _made.set(made)
        try:
            yield made
        finally:
            _made.reset(token)

    def before(self, effect: str) -> None:
        """Asked by the book ahead of each effect; raises Refusal or Cut."""
        made = _made.get()
        if made is None:
            return
        made.append(effect)
        mode = self.take(BEFORE, {"effect": effect})
        if mode is not None:
            hold(mode)

    def after(self, effects: list[str]) -> None:
        """Raises Refusal or Cut once what was asked for is done."""
        for effect in effects:
            mode = self.take(AFTER, {"effect": effect})
            if mode is not None:
                lose(mode)


def hold(mode: Mode) -> None:
    """Nothing is done, or later."""
    if mode.name in ("hang_before", "hang_drop"):
        time.sleep(mode.seconds)
    if mode.name in ("reset_before", "hang_drop"):
        raise Cut
    if mode.name in REFUSED:
        status, code = REFUSED[mode.name]
        code = str(mode.facts.get("code", code))
        wait = int(mode.facts.get("retry_after", 0)) if mode.name == "rate_limit" else None
        refusal = Refusal(int(mode.facts.get("status", status)), code, mode.name, code)
        refusal.retry_after = wait
        raise refusal


def lose(mode: Mode) -> None:
    """It is done, and nobody hears of it."""
    if mode.name == "hang_after":
        time.sleep(mode.seconds)
    if mode.name in ("hang_after", "reset_after"):
        raise Cut
    raise Refusal(int(mode.facts.get("status", 500)), "outage", "Internal error")
