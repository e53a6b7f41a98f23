"""The control desk of a shop: `/_control/...`, for the tests that decide what happens there."""

from typing import Any

from fakes.shops.engine import MAIN, Engine
from fakes.shops.figures import Row

# Verbs of the book that a test may play, as somebody in the shop's own admin would.
PLAYED = frozenset({
    "seed_order", "edit_order", "fulfil", "refund", "settle", "seed_variant", "spend_credit",
    "turn_return", "cancel", "subscribe", "change_webhook", "touch", "note", "open_return",
})  # fmt: skip


class Desk:
    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def answer(self, method: str, path: str, asked: Row) -> Any:
        """Raises KeyError for what is not there."""
        name = path.removeprefix("/_control/").replace("/", "_")
        step = getattr(self, f"{method.lower()}_{name}", None)
        if step is None:
            raise KeyError(path)
        return step(asked)

    def get_ready(self, asked: Row) -> Any:
        return {"ready": True}

    def get_log(self, asked: Row) -> Any:
        return self._since_reset()

    def get_effects(self, asked: Row) -> Any:
        """Everything that was done since the last reset, in order."""
        return [line for line in self._since_reset() if line["kind"] == "effect"]

    def get_calls(self, asked: Row) -> Any:
        return [line for line in self._since_reset() if line["kind"] == "call"]

    def get_hooks(self, asked: Row) -> Any:
        return [line for line in self._since_reset() if line["kind"] == "hook"]

    def post_rows(self, asked: Row) -> Any:
        """A table of the book as it stands."""
        return self._book(asked).rows(asked["table"])

    def post_play(self, asked: Row) -> Any:
        """One verb of the book, without any fault: `verb` and what it takes as `with`."""
        if asked["verb"] not in PLAYED:
            raise KeyError(asked["verb"])
        return getattr(self._book(asked), asked["verb"])(*asked["with"], **asked.get("named", {}))

    def post_vendor(self, asked: Row) -> Any:
        return self.engine.vendor.control(self._book(asked), asked)

    def post_modes(self, asked: Row) -> Any:
        self.engine.faults.add(asked)
        return {}

    def delete_modes(self, asked: Row) -> Any:
        self.engine.faults.clear()
        return {}

    def post_reset(self, asked: Row) -> Any:
        self.engine.reset()
        return {}

    def post_clock(self, asked: Row) -> Any:
        self.engine.clock.offset = float(asked["offset"])
        return {"now": self.engine.clock.now()}

    def post_hooks_via(self, asked: Row) -> Any:
        self.engine.hooks.via = asked["via"]
        return {}

    def post_hooks_tell(self, asked: Row) -> Any:
        """The webhooks of a change that is no effect, such as `uninstalled`."""
        self.engine.tell(asked.get("shop", MAIN), asked["topic"], asked.get("row", {}))
        return {}

    def post_hooks_flush(self, asked: Row) -> Any:
        return {"sent": self.engine.hooks.flush(int(asked.get("seed", 0)))}

    def _book(self, asked: Row) -> Any:
        return self.engine.book(asked.get("shop", MAIN))

    def _since_reset(self) -> list[Row]:
        lines = self.engine.journal.lines
        last = max((at for at, line in enumerate(lines) if line["kind"] == "reset"), default=-1)
        return lines[last + 1 :]
