"""The proxy itself: a server that sends back what it hears stands behind it."""

import socket
import threading
from collections.abc import Iterator
from typing import NoReturn

import pytest

from faults.proxy import Proxy

pytestmark = pytest.mark.fault("the harness itself")


@pytest.fixture
def echo() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_serve, args=(server,), daemon=True).start()
        yield server.getsockname()[1]


def _serve(server: socket.socket) -> None:
    while True:
        try:
            peer, _ = server.accept()
        except OSError:
            return
        threading.Thread(target=_send_back, args=(peer,), daemon=True).start()


def _send_back(peer: socket.socket) -> None:
    with peer:
        try:
            while heard := peer.recv(65_536):
                peer.sendall(heard)
        except OSError:
            return


def asked(port: int, words: bytes, seconds: float = 0.3) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=seconds) as peer:
        peer.sendall(words)
        return peer.recv(65_536)


class ProxyTest:
    def test_passes_on(self, echo: int) -> None:
        with Proxy(echo) as proxy:
            assert asked(proxy.port, b"hello", 5) == b"hello"
            assert proxy.connections == 1

    @pytest.mark.parametrize("fault", ["black_hole", "half_open"])
    def test_silence(self, echo: int, fault: str) -> None:
        with Proxy(echo) as proxy:
            setattr(proxy, fault, True)

            with pytest.raises(TimeoutError):
                asked(proxy.port, b"hello")

    def test_refuses_and_cuts(self, echo: int) -> None:
        with Proxy(echo) as proxy, socket.create_connection(("127.0.0.1", proxy.port), 5) as peer:
            peer.sendall(b"hello")
            assert peer.recv(5) == b"hello"

            assert proxy.cut() == 1
            with pytest.raises(ConnectionError):
                _ = peer.recv(5) or _reset()
            proxy.refuses = True
            with pytest.raises(ConnectionError):
                _ = asked(proxy.port, b"hello", 5) or _reset()

    def test_an_answer_is_cut_off_after_so_many_bytes(self, echo: int) -> None:
        with Proxy(echo) as proxy:
            proxy.byte_limit = 10

            with pytest.raises(ConnectionError):
                _ = asked(proxy.port, b"more than ten bytes", 5) or _reset()

    def test_latency(self, echo: int) -> None:
        with Proxy(echo) as proxy:
            proxy.latency = 0.4

            with pytest.raises(TimeoutError):
                asked(proxy.port, b"hello")


def _reset() -> NoReturn:
    """The end of the stream without a word counts as a cut too."""
    raise ConnectionResetError
