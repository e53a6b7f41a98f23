"""HTTP around the engine, and the process that a platform's fake is."""

import argparse
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, override
from urllib.parse import urlsplit

from fakes.psp import wire
from fakes.psp.journal import Journal
from fakes.psp.refusals import Refusal
from fakes.shops.desk import Desk
from fakes.shops.engine import Engine
from fakes.shops.faults import Cut, Mode
from fakes.shops.vendor import Raw, Reply, Vendor


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, port: int, engine: Engine) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.engine = engine

    @override
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Callers that hang up are what this server is for."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        self._serve("GET")

    def do_HEAD(self) -> None:
        self._serve("HEAD")

    def do_POST(self) -> None:
        self._serve("POST")

    def do_PUT(self) -> None:
        self._serve("PUT")

    def do_PATCH(self) -> None:
        self._serve("PATCH")

    def do_DELETE(self) -> None:
        self._serve("DELETE")

    @override
    def log_message(self, format: str, *args: Any) -> None:
        """The journal is the log."""

    def _serve(self, method: str) -> None:
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if parts.path.startswith("/_control/"):
            self._control(method, parts.path, body)
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        try:
            reply, mode = self.server.engine.serve(
                Raw(method, parts.path, parts.query, headers, body)
            )
        except Cut:
            wire.reset(self)
        else:
            self._answer(reply, mode)

    def _answer(self, reply: Reply, mode: Mode | None) -> None:
        raw = _bytes(reply.body)
        facts = mode.facts if mode else {}
        if mode is not None and mode.name == "huge":
            raw += b" " * int(facts.get("bytes", wire.HUGE))
        self.send_response(reply.status)
        if reply.status != 204:
            self.send_header("Content-Type", reply.content_type)
            self.send_header("Content-Length", str(len(raw)))
        for key, value in reply.headers.items():
            self.send_header(key, value)
        self.end_headers()
        if reply.status != 204 and self.command != "HEAD":
            self._write(raw, mode)

    def _write(self, raw: bytes, mode: Mode | None) -> None:
        if mode is not None and mode.name == "drip":
            wire.drip(self, raw, mode.seconds)
        elif mode is not None and mode.name == "cut":
            self.wfile.write(raw[: len(raw) // 2])
            self.wfile.flush()
            wire.reset(self)
        else:
            self.wfile.write(raw)

    def _control(self, method: str, path: str, body: bytes) -> None:
        try:
            found = Desk(self.server.engine).answer(method, path, json.loads(body or b"{}"))
        except (KeyError, TypeError) as error:
            self._answer(Reply({"error": repr(error)}, 404), None)
        except Refusal as refusal:
            self._answer(Reply(refusal.body, refusal.status), None)
        else:
            self._answer(Reply(found), None)


def _bytes(body: Any) -> bytes:
    if isinstance(body, bytes):
        return body
    if isinstance(body, str):
        return body.encode()
    return json.dumps(body).encode()


def serve(vendor: Vendor, doc: str | None) -> None:
    """Prints its address as one line when it is ready."""
    parser = argparse.ArgumentParser(description=doc)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--log", type=Path, required=True, help="read at the start if it exists")
    asked = parser.parse_args()
    server = Server(asked.port, Engine(Journal(asked.log), vendor))
    print(f"http://127.0.0.1:{server.server_address[1]}", flush=True)  # noqa: T201
    server.serve_forever()
