"""HTTP around the engine: a thread a connection, many calls on each."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, override
from urllib.parse import parse_qsl, urlsplit

from fakes.psp import forms, wire
from fakes.psp.desk import Desk, account_of
from fakes.psp.engine import Cut, Engine, Incoming
from fakes.psp.modes import Mode
from fakes.psp.refusals import Refusal


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, port: int, engine: Engine, handler: "type[Handler] | None" = None) -> None:
        super().__init__(("127.0.0.1", port), handler or Handler)
        self.engine = engine

    @override
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Callers that hang up are what this server is for."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        self._serve("GET")

    def do_POST(self) -> None:
        self._serve("POST")

    def do_DELETE(self) -> None:
        self._serve("DELETE")

    @override
    def log_message(self, format: str, *args: Any) -> None:
        """The journal is the log."""

    def _serve(self, method: str) -> None:
        parts = urlsplit(self.path)
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        if parts.path.startswith("/_control/"):
            self._control(method, parts.path, raw)
            return
        try:
            call = self.incoming(method, parts.path, parts.query if method == "GET" else raw)
        except Refusal as refusal:
            self._refuse(refusal, None)
            return
        mode = self.server.engine.mode_of(call)
        try:
            reply = self.server.engine.serve(call, mode)
        except Cut:
            wire.reset(self)
        except Refusal as refusal:
            self._refuse(refusal, mode)
        else:
            body = self.bent(reply.body, mode) if mode else reply.body
            wire.answer(self, reply.status, body, mode, reply.headers)

    def incoming(self, method: str, path: str, form: str) -> Incoming:
        scheme, _, key = self.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or not key.startswith(("sk_", "rk_")):
            message = "Invalid API Key provided"
            raise Refusal(401, "invalid_request_error", message)
        return Incoming(
            account=account_of(key),
            method=method,
            path=path,
            params=forms.read(form),
            key=self.headers.get("Idempotency-Key", ""),
            fingerprint=json.dumps([path, sorted(parse_qsl(form, keep_blank_values=True))]),
        )

    def _refuse(self, refusal: Refusal, mode: Mode | None) -> None:
        wait = refusal.retry_after
        headers = {} if wait is None else {"Retry-After": str(wait)}
        wire.answer(self, refusal.status, self.refused(refusal), mode, headers)

    def refused(self, refusal: Refusal) -> Any:
        """The body of a refusal, in the vendor's shape."""
        return refusal.body

    def _control(self, method: str, path: str, raw: str) -> None:
        try:
            found = Desk(self.server.engine).answer(method, path, json.loads(raw or "{}"))
        except KeyError as error:
            wire.answer(self, 404, {"error": repr(error)})
        except Refusal as refusal:
            self._refuse(refusal, None)
        else:
            wire.answer(self, 200, found)

    def bent(self, body: Any, mode: Mode) -> Any:
        """The answer says something else than what was done."""
        if mode.name == "wrong_currency":
            return {**body, "currency": mode.facts.get("currency", "jpy")}
        if mode.name == "wrong_amount":
            return {**body, "amount": int(mode.facts.get("amount", body["amount"] + 1))}
        return body
