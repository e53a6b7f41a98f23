"""The load client against a server that hangs up when it likes."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import asdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, override

import pytest

from benchmarks.load import Load
from benchmarks.place import ROOT


class Handler(BaseHTTPRequestHandler):
    """Answers twice on a connection and says at the second time that it was the last."""

    protocol_version = "HTTP/1.1"

    @override
    def setup(self) -> None:
        super().setup()
        self.answered = 0

    def do_GET(self) -> None:
        self.answered += 1
        self.send_response(200)
        self.send_header("Content-Length", "2")
        if self.answered == 2:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(b"ok")

    @override
    def log_message(self, *args: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    @override
    def handle_error(self, *args: Any) -> None:
        """A client that has had enough ends without a word."""


@pytest.fixture
def port() -> Iterator[int]:
    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


class LoadTest:
    def test_goes_on_where_the_server_hung_up(self, port: int) -> None:
        asked = {"paths": ["/"], "headers": {}}
        load = Load(port, "gets", asked, connections=2, seconds=60, most=10)

        ended = subprocess.run(
            [sys.executable, "-m", "benchmarks.load"],
            input=json.dumps(asdict(load)).encode(),
            cwd=ROOT,
            capture_output=True,
            check=True,
        )

        tally = json.loads(ended.stdout)
        assert tally["requests"] >= 10
        assert tally["statuses"] == {"200": tally["requests"]}
