"""HTTP to a host of the product as its consumers call it; what the network does answers too."""

import http.client
import json
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Barrier
from typing import Any

DOMAIN = "reveni.localhost"
NO_ANSWER = 0
WAIT = {"idempotency_in_progress", "busy"}


@dataclass(frozen=True, slots=True)
class Reply:
    """`status` 0 when the connection broke or nothing came in time; `seconds` is how long."""

    status: int
    headers: Mapping[str, str]
    content: bytes
    seconds: float

    @property
    def body(self) -> Any:
        return json.loads(self.content or b"null")

    @property
    def code(self) -> str:
        """Of a refusal."""
        return str(self.body.get("code", "")) if self.content[:1] == b"{" else ""

    @property
    def is_replayed(self) -> bool:
        return self.headers.get("idempotent-replayed") == "true"


@dataclass(slots=True)
class Client:
    port: int
    host: str = "api"
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 30

    def get(self, path: str) -> Reply:
        return self.call("GET", path)

    def post(self, path: str, body: Any = None, key: str = "", **headers: str) -> Reply:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if key:
            named["Idempotency-Key"] = key
        content = body if isinstance(body, bytes) else json.dumps(body or {}).encode()
        return self.call("POST", path, content, {"Content-Type": "application/json", **named})

    def call(
        self, verb: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Reply:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.seconds)
        sent = {"Host": f"{self.host}.{DOMAIN}", **self.headers, **(headers or {})}
        started = time.monotonic()
        try:
            # A server that refuses a large body answers and closes before it was all sent.
            with suppress(BrokenPipeError):
                connection.request(verb, path, body or None, sent)
            response = connection.getresponse()
            content = response.read()
            named = {name.lower(): value for name, value in response.getheaders()}
            return Reply(response.status, named, content, time.monotonic() - started)
        except (OSError, http.client.HTTPException) as error:
            return Reply(NO_ANSWER, {}, repr(error).encode(), time.monotonic() - started)
        finally:
            connection.close()


def patiently(call: Callable[[], Reply], tries: int = 20) -> Reply:
    """As a client should: who got no answer, a 503 or "wait" calls again under its key."""
    reply = call()
    for _ in range(tries):
        if reply.status not in (NO_ANSWER, 503) and reply.code not in WAIT:
            break
        reply = call()
    return reply


def at_once[T, R](act: Callable[[T], R], each: list[T], threads: int = 32) -> list[R]:
    """Call `act` with each; the threads begin together, answers come in the order of `each`."""
    threads = min(threads, len(each))
    together = Barrier(threads, timeout=30)

    def share(number: int) -> list[R]:
        together.wait()
        return [act(item) for item in each[number::threads]]

    with ThreadPoolExecutor(threads) as pool:
        shares = list(pool.map(share, range(threads)))
    return [shares[index % threads][index // threads] for index in range(len(each))]
