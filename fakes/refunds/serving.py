"""The processor's engine and server, speaking for a vendor: same book, journal, keys and modes."""

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, override

from fakes.psp.book import Cause
from fakes.psp.desk import account_of
from fakes.psp.engine import Engine, Incoming
from fakes.psp.journal import Journal
from fakes.psp.modes import Mode
from fakes.psp.refusals import Refusal
from fakes.psp.reporting import bent
from fakes.psp.server import Handler, Server
from fakes.refunds.reports import Report, line_of
from fakes.refunds.vendor import Raw, Vendor


class RefundEngine(Engine):
    def __init__(self, journal: Journal, vendor: Vendor) -> None:
        super().__init__(journal)
        self.vendor = vendor

    @override
    def carry_out(self, call: Incoming) -> Any:
        if call.method == "GET" and call.path.startswith(self.vendor.REPORTS):
            return self.vendor.report(call, self.report(call))
        if "source" not in call.params:
            empty = self.modes.take("lookup", call.method, call.path, {})
            rows = [] if empty else list(self.book.tables(call.account).refunds.values())
            return self.vendor.other(call, self.book, rows)
        source = call.params["source"]
        life = self.modes.take("life", call.method, call.path, call.metadata)
        intent = self.book.get(call.account, "payment_intents", "payment_intent", source)
        facts = {
            "amount": call.params["amount"],
            "metadata": call.metadata,
            "reason": None,
            "status": "pending" if life and life.name == "pending" else "succeeded",
        }
        row = self.book.refund(Cause(call.account, call.key, call.fingerprint), intent, facts)
        self.live_on(call.account, row, life)
        return self.vendor.shown(row)

    def report(self, call: Incoming) -> Report:
        mode = self.report_mode(call)
        tables = self.book.tables(call.account)
        rows = bent(list(tables.transactions.values()), mode)
        return Report(
            lines=[line_of(tables, row) for row in rows],
            now=datetime.fromtimestamp(self.clock.now(), UTC),
            is_late=mode is not None and mode.name == "report_late",
        )


class RefundHandler(Handler):
    def vendor(self) -> Vendor:
        engine = self.server.engine
        assert isinstance(engine, RefundEngine)  # noqa: S101
        return engine.vendor

    @override
    def incoming(self, method: str, path: str, form: str) -> Incoming:
        headers = {name.lower(): value for name, value in self.headers.items()}
        raw = Raw(method, path, headers, form.encode())
        vendor = self.vendor()
        return Incoming(
            account=account_of(vendor.owner(raw)),
            method=method,
            path=path,
            params={"raw": raw, **vendor.params(raw)},
            key=headers.get(vendor.KEY_HEADER, ""),
            fingerprint=json.dumps([path, form]),
        )

    @override
    def refused(self, refusal: Refusal) -> Any:
        return self.vendor().refused(refusal)

    @override
    def bent(self, body: Any, mode: Mode) -> Any:
        money = dict(body.get("amount") or {}) if isinstance(body, dict) else {}
        if mode.name == "wrong_amount" and money:
            money["value"] = money["value"] + 1 if isinstance(money["value"], int) else "0.01"
            return {**body, "amount": money}
        return body


def serve(vendor: Vendor, doc: str | None) -> None:
    """Prints its address as one line when it is ready."""
    parser = argparse.ArgumentParser(description=doc)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--log", type=Path, required=True, help="read at the start if it exists")
    asked = parser.parse_args()
    server = Server(asked.port, RefundEngine(Journal(asked.log), vendor), RefundHandler)
    print(f"http://127.0.0.1:{server.server_address[1]}", flush=True)  # noqa: T201
    server.serve_forever()
