"""The control desk: `/_control/...`, for the tests that decide what goes wrong."""

import hashlib
from typing import Any

from fakes.psp.book import Cause, Row
from fakes.psp.engine import Engine
from fakes.psp.hooks import ANYBODY, Endpoint


def account_of(api_key: str) -> str:
    return f"acct_{hashlib.sha256(api_key.encode()).hexdigest()[:16]}"


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
        return self.engine.journal.lines

    def get_effects(self, asked: Row) -> Any:
        """Every movement of money, in order: created, succeeded after pending, failed."""
        return self.engine.journal.of("effect")

    def get_calls(self, asked: Row) -> Any:
        return self.engine.journal.of("call")

    def get_hooks(self, asked: Row) -> Any:
        return self.engine.journal.of("hook")

    def post_modes(self, asked: Row) -> Any:
        self.engine.modes.add(asked["modes"])
        return {}

    def delete_modes(self, asked: Row) -> Any:
        self.engine.modes.clear()
        return {}

    def post_clock(self, asked: Row) -> Any:
        self.engine.clock.offset = float(asked["offset"])
        return {"now": self.engine.clock.now()}

    def post_keys(self, asked: Row) -> Any:
        self.engine.keys.life = float(asked["life"])
        return {}

    def post_payment_intents(self, asked: Row) -> Any:
        """A capture made before the test began, under the ids that the order knows."""
        return self.engine.api.capture(account_of(asked.pop("api_key")), asked)

    def post_settle(self, asked: Row) -> Any:
        account = account_of(asked["api_key"])
        return self.engine.turn(account, asked["id"], asked["status"], asked.get("reason", ""))

    def post_refunds(self, asked: Row) -> Any:
        """One that is made in the vendor's dashboard."""
        account = account_of(asked["api_key"])
        intent = self.engine.book.get(account, "payment_intents", "payment", asked["payment"])
        facts = {"metadata": {}, "reason": None, "status": "succeeded", "amount": asked["amount"]}
        return self.engine.book.refund(Cause(account), intent, facts)

    def post_till(self, asked: Row) -> Any:
        """`step`: pay, turn_intent, dispute or close_dispute."""
        account = account_of(asked.pop("api_key"))
        return self.engine.at_the_till(account, asked.pop("step"), asked)

    def get_captures(self, asked: Row) -> Any:
        """Every sum that was taken, in order."""
        return [line["body"] for line in self.engine.journal.of("capture")]

    def post_webhooks(self, asked: Row) -> Any:
        key = asked.get("api_key")
        endpoint = Endpoint(asked["url"], asked["secret"], asked.get("host", ""))
        self.engine.hooks.endpoints[account_of(key) if key else ANYBODY] = endpoint
        return {}

    def post_hooks_flush(self, asked: Row) -> Any:
        return {"sent": self.engine.hooks.flush(int(asked.get("seed", 0)))}
