"""The processor's journal, modes and faults around a carrier's book.

Beside the modes of `fakes/psp/modes.py`: `label_broken` (the file is no PDF) and `other_shape` (the
answer lacks what was promised).
"""

import re
from typing import Any, override

from fakes.carrier.book import Book, Row
from fakes.carrier.hooks import CarrierHooks
from fakes.psp import modes
from fakes.psp.engine import Engine, Incoming
from fakes.psp.journal import Journal
from fakes.psp.modes import Mode
from fakes.psp.refusals import Refusal

ROUTE = re.compile(r"/v2/shipments/([^/]+)(?:/(buy|refund))?")
modes.STAGES.update(label_broken="file", other_shape="shape")
modes.METHODS.update(file="GET", shape="POST")


class CarrierEngine(Engine):
    address: str

    def __init__(self, journal: Journal) -> None:
        super().__init__(journal)
        self.labels = Book(self.clock, journal)
        self.hooks = CarrierHooks(self.clock, journal)

    @override
    def carry_out(self, call: Incoming) -> Row:
        row = self._answer(call)
        shape = self.modes.take("shape", call.method, call.path, {})
        return {"object": "Surprise"} if shape else row

    def _answer(self, call: Incoming) -> Row:
        account, params = call.account, call.params
        route = ROUTE.fullmatch(call.path)
        if route is not None:
            return self._of_one(call, route[1], route[2])
        if (call.method, call.path) == ("POST", "/v2/shipments"):
            return self.labels.create(account, params["shipment"])
        if call.path == "/v2/trackers":
            return {"trackers": self.labels.trackers(account, params.get("tracking_code", ""))}
        raise _missing()

    def _of_one(self, call: Incoming, name: str, doing: str | None) -> Row:
        if doing == "buy":
            rate = call.params["rate"]["id"]
            return self.labels.buy(call.account, name, rate, self.address)
        if doing == "refund":
            return self.labels.refund(call.account, name)
        if self.modes.take("lookup", call.method, call.path, {}):
            raise _missing()
        return self.labels.find(call.account, name)

    def file(self, path: str) -> bytes:
        """A label as small as a PDF may be; the same one each time."""
        if self.modes.take("file", "GET", path, {}):
            return b"<html>not today</html>"
        return b"%PDF-1.4\n% label " + path.encode() + b"\n%%EOF\n"

    def scan(self, asked: Row) -> Row:
        """Somebody holds the parcel; whoever listens for its account hears of it."""
        known = {name: asked[name] for name in ("code", "status", "city", "at") if name in asked}
        account, tracker = self.labels.scan(**known)
        event = {
            "id": f"evt_{self.clock.number():032x}",
            "object": "Event",
            "description": "tracker.updated",
            "mode": asked.get("mode", "production"),
            "result": tracker,
        }
        hook = self.modes.take("hooks", "POST", "/", {})
        self.hooks.send(account, event, hook or Mode("hook_before"))
        return event

    def bought(self) -> list[dict[str, Any]]:
        return self.journal.of("effect")


def _missing() -> Refusal:
    return Refusal(404, "NOT_FOUND", "The requested resource could not be found.")
