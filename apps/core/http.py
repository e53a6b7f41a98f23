"""Calls to the world outside: bounded, redacted, and never inside a database transaction."""

import json
import logging
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

import httpx2
from django.db import connections

from apps.core.circuit import Circuit, NoCircuit
from apps.core.faults import crash_here
from apps.core.http_wire import BoundedTransport, Resolve
from apps.core.logs import redact

logger = logging.getLogger(__name__)
SAFE = frozenset({"GET", "HEAD", "PUT", "DELETE", "OPTIONS"})
PASSING = frozenset({429, 502, 503, 504})
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class HttpInsideTransaction(RuntimeError):
    """A row stayed locked while a peer was asked: promise, send, settle are three transactions."""


class HttpError(Exception):
    """A call that brought no good answer; `peer` names the vendor, never the secret."""

    def __init__(self, peer: str, reason: str) -> None:
        super().__init__(f"{peer}: {reason}")
        self.peer = peer


class Unreachable(HttpError):
    """No connection was made, so the peer did nothing."""


class LeftAlone(Unreachable):
    """Nobody was asked: the peer failed again and again for this account, or is busy for it."""


class OutcomeUnknown(HttpError):
    """The request may have been carried out: ask before sending it again with another key."""


class TimedOut(OutcomeUnknown):
    """A limit of time ran out after the connection stood."""


class TooLarge(OutcomeUnknown):
    """The answer passed `Limits.answer_bytes` and was dropped."""


class Unreadable(OutcomeUnknown):
    """The answer is compressed against our wish, or no JSON."""


class BadStatus(HttpError):
    """A whole answer outside 2xx; redirects are never followed and end here."""

    def __init__(self, peer: str, answer: "Answer") -> None:
        super().__init__(peer, f"answered {answer.status}")
        self.answer = answer
        self.status = answer.status


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds and bytes; `total` spans the whole call with its repetitions (S-62)."""

    connect: float = 3
    read: float = 20
    total: float = 30
    answer_bytes: int = 5_000_000
    attempts: int = 3


@dataclass(frozen=True, slots=True)
class Answer:
    peer: str
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace")

    def json(self) -> Any:
        """Numbers with a fraction come as Decimal; raises Unreadable."""
        try:
            return json.loads(self.body, parse_float=Decimal)
        except (ValueError, RecursionError):
            raise Unreadable(self.peer, "the answer is no JSON") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """`key` is sent as the idempotency key; with one, or a safe method, a call may be repeated."""

    method: str
    path: str
    params: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    json: Any = None
    content: bytes | None = None
    form: Mapping[str, str] | None = None
    key: str = ""

    @property
    def may_repeat(self) -> bool:
        return bool(self.key) or self.method in SAFE


def assert_no_transaction() -> None:
    """Raise HttpInsideTransaction when any connection of this thread has an open `atomic`.

    The block that a test case wraps around a test does not count, as for `atomic(durable=True)`.
    """
    for connection in connections.all(initialized_only=True):
        blocks = connection.atomic_blocks
        if blocks and not getattr(blocks[-1], "_from_testcase", False):
            raise HttpInsideTransaction(f"HTTP while a transaction on {connection.alias!r} is open")


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpClient:
    """One peer: https only (http on loopback), no cookies, no redirects, no proxies of the machine.

    `resolve` pins the address of hosts that tenants name; `transport` and `sleep` serve tests.
    `circuit` names the account there: what fails for it ends soon and holds up nobody else.
    `sign` gives headers that no two attempts may share, such as a signature over a nonce.
    """

    peer: str
    base_url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    limits: Limits = Limits()
    key_header: str = "Idempotency-Key"
    circuit: str = ""
    resolve: Resolve | None = None
    sign: Callable[[Call], Mapping[str, str]] | None = field(default=None, repr=False)
    transport: httpx2.BaseTransport | None = None
    sleep: Callable[[float], None] = time.sleep

    def __post_init__(self) -> None:
        parts = urlsplit(self.base_url)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
            raise ValueError(f"{self.peer}: only https leaves this machine")

    def get(self, path: str, **params: str) -> Answer:
        return self.send(Call(method="GET", path=path, params=params))

    def post(self, path: str, body: Any, key: str = "") -> Answer:
        return self.send(Call(method="POST", path=path, json=body, key=key))

    def send(self, call: Call) -> Answer:
        """A 2xx answer, or Unreachable, OutcomeUnknown or BadStatus.

        What may be repeated is tried again after a pause of full jitter while `total` lasts.
        """
        deadline = time.monotonic() + self.limits.total
        attempt = 1
        while True:
            try:
                return self._guarded(call, deadline)
            except HttpError as error:
                pause = _pause(error, attempt)
                last = attempt >= self.limits.attempts or not call.may_repeat
                if last or not _is_passing(error) or time.monotonic() + pause >= deadline:
                    raise
                self.sleep(pause)
                attempt += 1

    def _guarded(self, call: Call, deadline: float) -> Answer:
        circuit = Circuit(f"{self.peer}:{self.circuit}") if self.circuit else NoCircuit()
        if not circuit.enter(self.limits.total):
            raise LeftAlone(self.peer, "this account's calls failed, or are all under way")
        is_well = False
        try:
            answer = self._once(call, deadline)
            is_well = True
        except BadStatus as bad:
            is_well = bad.status < 500
            raise
        finally:
            circuit.leave(is_well=is_well)
        return answer

    def _once(self, call: Call, deadline: float) -> Answer:
        assert_no_transaction()
        started = time.monotonic()
        outcome = "failed"
        try:
            answer = self._exchange(call, deadline)
            outcome = str(answer.status)
        except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.UnsupportedProtocol) as error:
            raise Unreachable(self.peer, type(error).__name__) from error
        except httpx2.TimeoutException as error:
            raise TimedOut(self.peer, type(error).__name__) from error
        except httpx2.TransportError as error:
            raise OutcomeUnknown(self.peer, type(error).__name__) from error
        finally:
            took = round((time.monotonic() - started) * 1000)
            path = redact(urlsplit(call.path).path)
            logger.info("%s %s %s: %s in %d ms", self.peer, call.method, path, outcome, took)
        if not 200 <= answer.status < 300:
            raise BadStatus(self.peer, answer)
        return answer

    def _exchange(self, call: Call, deadline: float) -> Answer:
        transport = self.transport or BoundedTransport(deadline, self.resolve)
        with transport:
            response = transport.handle_request(self._request(call))
            crash_here("K6")
            try:
                body = self._body(response, deadline)
            finally:
                response.close()
        return Answer(self.peer, response.status_code, response.headers, body)

    def _request(self, call: Call) -> httpx2.Request:
        headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
        headers |= {**self.headers, **call.headers}
        if call.key:
            headers[self.key_header] = call.key
        if self.sign is not None:
            headers |= self.sign(call)
        limits = self.limits
        return httpx2.Request(
            call.method,
            f"{self.base_url.rstrip('/')}/{call.path.lstrip('/')}",
            params=call.params or None,
            headers=headers,
            json=call.json,
            content=call.content,
            data=call.form,
            extensions={
                "timeout": {
                    "connect": limits.connect,
                    "read": limits.read,
                    "write": limits.read,
                    "pool": limits.connect,
                }
            },
        )

    def _body(self, response: httpx2.Response, deadline: float) -> bytes:
        if response.headers.get("content-encoding", "identity") != "identity":
            raise Unreadable(self.peer, "the answer is compressed")
        body = bytearray()
        for chunk in response.iter_raw():
            body += chunk
            if len(body) > self.limits.answer_bytes:
                raise TooLarge(self.peer, f"the answer passed {self.limits.answer_bytes} bytes")
            if time.monotonic() > deadline:
                raise TimedOut(self.peer, "the time for the whole call is over")
        return bytes(body)


def _is_passing(error: HttpError) -> bool:
    """Worth another try: never reached, cut off, or a status that passes."""
    if isinstance(error, BadStatus):
        return error.status in PASSING
    return not isinstance(error, TooLarge | Unreadable | LeftAlone)


def _pause(error: HttpError, attempt: int) -> float:
    """Seconds: what Retry-After asks for, else full jitter under a ceiling that doubles."""
    if isinstance(error, BadStatus):
        asked = error.answer.headers.get("retry-after", "")
        if asked.isdecimal():
            return int(asked)
    return random.uniform(0, min(8, 2**attempt / 4))  # noqa: S311
