import logging
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx2
import pytest
from django.db import transaction

from apps.core.http import (
    BadStatus,
    Call,
    HttpClient,
    HttpInsideTransaction,
    Limits,
    OutcomeUnknown,
    TimedOut,
    TooLarge,
    Unreachable,
    Unreadable,
)

CRLF = b"\r\n"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"


@dataclass
class Peer:
    """A real server on loopback; `answers` are raw bytes or acts on the socket, one a request."""

    url: str = ""
    answers: list[bytes | Callable[[BaseHTTPRequestHandler], object]] = field(default_factory=list)
    heard: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)


@pytest.fixture
def peer() -> Iterator[Peer]:
    peer = Peer()

    class Handler(BaseHTTPRequestHandler):
        timeout = 5

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            peer.heard.append((self.command, self.path, dict(self.headers), body))
            answer = peer.answers.pop(0) if peer.answers else OK
            self.close_connection = True
            if isinstance(answer, bytes):
                self.wfile.write(answer)
            else:
                answer(self)

        do_GET = do_POST = do_PUT = answer  # noqa: N815

        def log_message(self, *args: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *args: Any) -> None:
            """A client that hangs up is what these tests are about."""

    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    peer.url = f"http://127.0.0.1:{server.server_port}"
    yield peer
    server.shutdown()
    server.server_close()
    thread.join()


def client(peer: Peer, pauses: list[float] | None = None, **limits: Any) -> HttpClient:
    waits: list[float] = [] if pauses is None else pauses
    return HttpClient(peer="acme", base_url=peer.url, limits=Limits(**limits), sleep=waits.append)


def status(code: int, *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {code} X", "Content-Length: 0", "Connection: close", *headers, "", ""]
    return "\r\n".join(lines).encode()


def drip_body(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n")
    drip(handler)


def drip(handler: BaseHTTPRequestHandler) -> None:
    """One byte each 20 ms for ten seconds, or until the client hangs up."""
    for _ in range(500):
        handler.wfile.write(b"x")
        handler.wfile.flush()
        time.sleep(0.02)


def drip_head(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    drip(handler)


def hang_up(handler: BaseHTTPRequestHandler) -> None:
    handler.connection.close()


class HttpClientTest:
    def test_sends_json_with_headers_and_reads_decimals(self, peer: Peer) -> None:
        body = b'{"total": 12.30}'
        peer.answers = [b"HTTP/1.1 201 Created\r\nContent-Length: 16\r\n\r\n" + body]
        acme = HttpClient(peer="acme", base_url=peer.url + "/v1/", headers={"X-Auth": "s3cret"})
        answer = acme.post("/refunds", {"order": "1"}, key="k-1")
        assert answer.status == 201
        assert answer.text == '{"total": 12.30}'
        assert answer.json() == {"total": Decimal("12.30")}
        ((method, path, headers, sent),) = peer.heard
        assert (method, path, sent) == ("POST", "/v1/refunds", b'{"order":"1"}')
        assert headers["Idempotency-Key"] == "k-1"
        assert headers["X-Auth"] == "s3cret"
        assert headers["Accept-Encoding"] == "identity"

    def test_sends_forms_raw_bytes_and_parameters(self, peer: Peer) -> None:
        acme = client(peer)
        acme.send(Call(method="POST", path="form", form={"a": "1 2"}))
        acme.send(Call(method="PUT", path="raw", content=b"<xml/>"))
        acme.get("list", page="2")
        assert [(path, body) for _, path, _, body in peer.heard] == [
            ("/form", b"a=1+2"),
            ("/raw", b"<xml/>"),
            ("/list?page=2", b""),
        ]

    def test_the_secret_is_not_printed(self, peer: Peer) -> None:
        acme = HttpClient(
            peer="acme", base_url=peer.url, headers={"Authorization": "Bearer s3cret"}
        )
        assert "s3cret" not in repr(acme)

    @pytest.mark.parametrize("url", ["http://example.com", "ftp://127.0.0.1", "example.com"])
    def test_refuses_plain_http_away_from_loopback(self, url: str) -> None:
        with pytest.raises(ValueError, match="only https"):
            HttpClient(peer="acme", base_url=url)

    def test_ignores_the_proxies_of_the_machine(
        self, peer: Peer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
        monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
        assert client(peer).get("x").body == b"ok"

    def test_logs_no_parameter_and_no_secret_of_the_path(
        self, peer: Peer, caplog: pytest.LogCaptureFixture
    ) -> None:
        with caplog.at_level(logging.INFO, "apps.core.http"):
            client(peer).get("keys/sk_live_12345678", email="ana@example.com")
        (line,) = [
            record.getMessage() for record in caplog.records if record.name.startswith("apps")
        ]
        assert line.startswith("acme GET keys/***: 200 in ")
        assert "ana" not in line


class HttpLimitsTest:
    def test_a_dripping_body_ends_at_the_total(self, peer: Peer) -> None:
        peer.answers = [drip_body]
        started = time.monotonic()
        with pytest.raises(TimedOut):
            client(peer, total=0.3).get("x")
        assert 0.25 < time.monotonic() - started < 1.5

    def test_a_dripping_head_ends_at_the_total(self, peer: Peer) -> None:
        peer.answers = [drip_head]
        with pytest.raises(TimedOut):
            client(peer, total=0.3).get("x")

    def test_silence_ends_at_the_read_limit(self, peer: Peer) -> None:
        released = threading.Event()
        peer.answers = [lambda handler: released.wait(5)]
        with pytest.raises(TimedOut) as caught:
            client(peer, read=0.1, attempts=1).get("x")
        released.set()
        assert isinstance(caught.value, OutcomeUnknown)
        assert str(caught.value) == "acme: ReadTimeout"

    def test_no_time_left_before_the_first_byte(self, peer: Peer) -> None:
        with pytest.raises(Unreachable):
            client(peer, total=-1, attempts=1).get("x")
        assert peer.heard == []

    def test_a_mock_that_never_ends_is_stopped_too(self) -> None:
        def endless() -> Iterator[bytes]:
            while True:
                yield b"x"
                time.sleep(0.01)

        transport = httpx2.MockTransport(lambda request: httpx2.Response(200, content=endless()))
        acme = HttpClient(
            peer="acme", base_url="https://acme.test", limits=Limits(total=0.1), transport=transport
        )
        with pytest.raises(TimedOut):
            acme.get("x")

    def test_a_huge_body_is_dropped(self, peer: Peer) -> None:
        peer.answers = [b"HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n" + b"x" * 2000]
        with pytest.raises(TooLarge):
            client(peer, answer_bytes=1999).get("x")
        assert len(peer.heard) == 1

    def test_a_body_of_exactly_the_limit_is_read(self, peer: Peer) -> None:
        peer.answers = [b"HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n" + b"x" * 2000]
        assert len(client(peer, answer_bytes=2000).get("x").body) == 2000

    def test_a_compressed_answer_is_refused(self, peer: Peer) -> None:
        peer.answers = [status(200, "Content-Encoding: gzip")]
        with pytest.raises(Unreadable):
            client(peer).get("x")

    @pytest.mark.parametrize("body", [b"<html>", b"[" * 100_000])
    def test_an_answer_that_is_no_json(self, peer: Peer, body: bytes) -> None:
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n"
        peer.answers = [head.encode() + body]
        with pytest.raises(Unreadable):
            client(peer).get("x").json()

    def test_a_redirect_is_an_error_and_is_not_followed(self, peer: Peer) -> None:
        peer.answers = [status(302, "Location: /elsewhere")]
        with pytest.raises(BadStatus) as caught:
            client(peer).get("x")
        assert caught.value.status == 302
        assert len(peer.heard) == 1


class HttpRetryTest:
    def test_a_safe_call_is_repeated_with_growing_jitter(self, peer: Peer) -> None:
        pauses: list[float] = []
        peer.answers = [status(503), hang_up, OK]
        assert client(peer, pauses).get("x").body == b"ok"
        assert len(peer.heard) == 3
        assert 0 <= pauses[0] <= 0.5
        assert 0 <= pauses[1] <= 1

    def test_every_attempt_is_signed_anew(self, peer: Peer) -> None:
        nonces = iter(("n1", "n2"))
        peer.answers = [status(503), OK]
        signed = replace(
            client(peer, []), sign=lambda call: {"Authorization": f"{call.path} {next(nonces)}"}
        )
        signed.get("x")
        assert [told["Authorization"] for *_, told, _ in peer.heard] == ["x n1", "x n2"]

    def test_gives_up_after_the_attempts(self, peer: Peer) -> None:
        peer.answers = [status(502), status(502), status(504), OK]
        with pytest.raises(BadStatus) as caught:
            client(peer).get("x")
        assert caught.value.status == 504
        assert len(peer.heard) == 3

    def test_a_post_without_a_key_is_sent_once(self, peer: Peer) -> None:
        peer.answers = [hang_up, OK]
        with pytest.raises(OutcomeUnknown) as caught:
            client(peer).post("x", {})
        assert not isinstance(caught.value, TimedOut)
        assert len(peer.heard) == 1

    def test_a_post_with_a_key_keeps_its_key(self, peer: Peer) -> None:
        peer.answers = [hang_up, OK]
        client(peer).post("x", {}, key="k-7")
        assert [headers["Idempotency-Key"] for _, _, headers, _ in peer.heard] == ["k-7", "k-7"]

    def test_a_refusal_is_final(self, peer: Peer) -> None:
        peer.answers = [status(422), OK]
        with pytest.raises(BadStatus):
            client(peer).get("x")
        assert len(peer.heard) == 1

    def test_waits_as_long_as_the_peer_asks(self, peer: Peer) -> None:
        pauses: list[float] = []
        peer.answers = [status(429, "Retry-After: 2"), OK]
        client(peer, pauses).get("x")
        assert pauses == [2]

    def test_does_not_wait_past_the_total(self, peer: Peer) -> None:
        peer.answers = [status(429, "Retry-After: 60"), OK]
        with pytest.raises(BadStatus):
            client(peer, total=30).get("x")
        assert len(peer.heard) == 1

    def test_nobody_listens(self) -> None:
        acme = HttpClient(peer="acme", base_url="http://127.0.0.1:1", limits=Limits(attempts=1))
        with pytest.raises(Unreachable):
            acme.get("x")


class HttpPinnedAddressTest:
    def test_connects_to_the_address_that_was_checked(self, peer: Peer) -> None:
        port = peer.url.rpartition(":")[2]
        asked: list[tuple[str, int]] = []

        def resolve(host: str, port: int) -> str:
            asked.append((host, port))
            return "127.0.0.1"

        acme = HttpClient(peer="acme", base_url=f"http://localhost:{port}", resolve=resolve)
        assert acme.get("x").body == b"ok"
        assert asked == [("localhost", int(port))]
        assert peer.heard[0][2]["Host"] == f"localhost:{port}"

    def test_a_refused_address_is_unreachable(self, peer: Peer) -> None:
        def refuse(host: str, port: int) -> str:
            raise OSError("private address")

        acme = HttpClient(peer="acme", base_url=peer.url, resolve=refuse, limits=Limits(attempts=1))
        with pytest.raises(Unreachable):
            acme.get("x")
        assert peer.heard == []

    def test_tls_is_checked(self, peer: Peer) -> None:
        acme = HttpClient(
            peer="acme", base_url=peer.url.replace("http:", "https:"), limits=Limits(attempts=1)
        )
        with pytest.raises(Unreachable):
            acme.get("x")


@pytest.mark.django_db
class HttpInsideTransactionTest:
    def test_refuses_to_hold_rows_while_a_peer_is_asked(self, peer: Peer) -> None:
        with transaction.atomic(), pytest.raises(HttpInsideTransaction):
            client(peer).get("x")
        assert peer.heard == []

    def test_every_other_way_to_http_is_watched_in_tests(self, peer: Peer) -> None:
        other = HTTPConnection(peer.url.removeprefix("http://"))
        with transaction.atomic(), pytest.raises(HttpInsideTransaction):
            other.request("GET", "/x")
        other.close()
        with httpx2.HTTPTransport() as transport:  # noqa: SIM117
            with transaction.atomic(), pytest.raises(HttpInsideTransaction):
                transport.handle_request(httpx2.Request("GET", peer.url))
        assert peer.heard == []

    def test_answers_after_the_transaction(self, peer: Peer) -> None:
        with transaction.atomic():
            pass
        assert client(peer).get("x").body == b"ok"
