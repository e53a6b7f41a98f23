"""What goes wrong, by call: a queue of modes for the next calls, or a standing one.

A mode is `{"mode": name, ...}`. `times` calls meet it (1; null: all of them), and only those that
`match` says: `method` and `path` (a beginning) of the call, `metadata` that it must carry. One mode
of each stage may meet the same call, so that a pending refund can also lose its answer:

- `transport`: `ok`, `refuse` (`status`, `code`, `type`), `conflict`, `rate_limit` (`retry_after`),
  `error_before` and `error_after` (500; `kept` plays it back under the key), `reset_before`,
  `reset_after`, `hang_before` (works after `seconds`), `hang_drop` (never works), `hang_after`,
  `drip` (`seconds` between bytes), `huge` (`bytes`), `wrong_currency` (`currency`), `wrong_amount`
- `life` of a refund: `pending` (for `seconds`, or until told to settle), `late_failure`
- `life` of a charge of a saved card: `authentication_required`, `decline` (`decline_code`),
  `late_success` (processing, until told to turn)
- `lookup`: `lookup_empty` for that many lists, then everything is there
- `report`, of what moved in the balance: `report_late` (of those fakes that publish one),
  `report_lacks` (refunds), `report_amount` (a cent more), `report_unknown` (a line of no kind),
  `report_unreadable` (a line without an amount)
- `hooks`: `hook_before` (ahead of the answer), `hook_late` (`seconds`), `hook_doubled`,
  `hook_shuffled` (held until flushed), `hook_forged`, `hook_old`, `hook_lost`
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

TRANSPORT = (
    "ok", "refuse", "conflict", "rate_limit", "error_before", "error_after", "reset_before",
    "reset_after", "hang_before", "hang_drop", "hang_after", "drip", "huge", "wrong_currency",
    "wrong_amount",
)  # fmt: skip
HOOKS = (
    "hook_before", "hook_late", "hook_doubled", "hook_shuffled", "hook_forged", "hook_old",
    "hook_lost",
)  # fmt: skip
LIVES = ("pending", "late_failure", "authentication_required", "decline", "late_success")
REPORTS = (
    "report_late", "report_lacks", "report_amount", "report_unknown", "report_unreadable",
)  # fmt: skip
STAGES = {
    **dict.fromkeys(TRANSPORT, "transport"),
    **dict.fromkeys(LIVES, "life"),
    "lookup_empty": "lookup",
    **dict.fromkeys(HOOKS, "hooks"),
    **dict.fromkeys(REPORTS, "report"),
}
METHODS = {
    "transport": "POST",
    "life": "POST",
    "lookup": "GET",
    "hooks": "POST",
    "report": "GET",
}


@dataclass
class Mode:
    name: str
    times: int | None = 1
    match: Mapping[str, Any] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)

    def fits(self, method: str, path: str, metadata: Mapping[str, str]) -> bool:
        wanted = self.match.get("metadata", {})
        return (
            method == self.match.get("method", METHODS[STAGES[self.name]])
            and path.startswith(self.match.get("path", "/"))
            and all(metadata.get(name) == value for name, value in wanted.items())
        )


class Modes:
    def __init__(self) -> None:
        self._waiting: list[Mode] = []
        self._lock = threading.Lock()

    def add(self, asked: list[dict[str, Any]]) -> None:
        """Raises KeyError for a name that is no mode."""
        modes = [_mode(dict(each)) for each in asked]
        with self._lock:
            self._waiting += modes

    def clear(self) -> None:
        with self._lock:
            self._waiting = []

    def take(self, stage: str, method: str, path: str, metadata: Mapping[str, str]) -> Mode | None:
        """The first that fits, used up by one."""
        with self._lock:
            for mode in self._waiting:
                if STAGES[mode.name] == stage and mode.fits(method, path, metadata):
                    self._use(mode)
                    return mode
        return None

    def _use(self, mode: Mode) -> None:
        if mode.times is not None:
            mode.times -= 1
            if mode.times <= 0:
                self._waiting.remove(mode)


def _mode(facts: dict[str, Any]) -> Mode:
    name = facts.pop("mode")
    STAGES[name]
    return Mode(name, facts.pop("times", 1), facts.pop("match", {}), facts)
