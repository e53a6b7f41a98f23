"""Fake shops as processes, each started once and emptied for every test that asks for it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from threading import Thread
from typing import override

import pytest

from fakes.shops.control import FakeShop, running

type StartShop = Callable[[str], FakeShop]
# Headers in lower case, and the raw body.
type Came = tuple[dict[str, str], bytes]


@pytest.fixture(scope="session")
def start_shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StartShop]:
    """`start_shop("fakes.custom")`: the one process of that fake."""
    started: dict[str, FakeShop] = {}
    with ExitStack() as stack:

        def start(fake: str) -> FakeShop:
            if fake not in started:
                log = tmp_path_factory.mktemp(fake.replace(".", "-")) / "log"
                started[fake] = stack.enter_context(running(fake, log))
            started[fake].reset()
            return started[fake]

        yield start


class Ear(ThreadingHTTPServer):
    """Takes every webhook in, whatever its address says."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.came: Queue[Came] = Queue()
        self.status = 202


class _Handler(BaseHTTPRequestHandler):
    server: Ear

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.came.put((headers, body))
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Tests are quiet."""


class Heard:
    """What comes in during one test."""

    def __init__(self, ear: Ear) -> None:
        self.address = f"127.0.0.1:{ear.server_address[1]}"
        self._ear, self._came = ear, Queue[Came]()
        ear.came, ear.status = self._came, 202

    def answer(self, status: int) -> None:
        self._ear.status = status

    def next(self) -> Came:
        """Raises Empty where none comes within ten seconds."""
        return self._came.get(timeout=10)


@pytest.fixture(scope="session")
def ear() -> Iterator[Ear]:
    with Ear() as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def hooks_heard(ear: Ear) -> Heard:
    return Heard(ear)
