"""The load client, a process of its own: `python -m benchmarks.load` reads a Load as JSON on
standard input and prints a Tally. Plain sockets and one selector, so that it costs next to nothing
beside the servers that it shares the machine with."""

import json
import selectors
import socket
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from benchmarks.visits import VISITS, Visit

ANSWER_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Load:
    """`connections` visitors at once, for `seconds` or until `most` answers have come."""

    port: int
    visit: str
    given: dict[str, Any]
    connections: int = 16
    seconds: float = 3.0
    most: int = 1_000_000


@dataclass(slots=True)
class Tally:
    """Times in milliseconds; `flows` counts whole visits, of one request or of several."""

    seconds: float = 0.0
    requests: int = 0
    flows: int = 0
    p50: float = 0.0
    p95: float = 0.0
    flow_p95: float = 0.0
    client_cpu: float = 0.0
    server_cpu: float = 0.0
    statuses: dict[str, int] = field(default_factory=dict)
    sample: str = ""

    @property
    def requests_per_second(self) -> float:
        return self.requests / self.seconds

    @property
    def flows_per_second(self) -> float:
        return self.flows / self.seconds


class Visitor:
    """One who plays visits one after the other, and connects anew where the server hung up."""

    def __init__(self, load: Load, visits: Iterator[Visit]) -> None:
        self.port = load.port
        self.visits = visits
        self.times: list[float] = []
        self.flow_times: list[float] = []
        self.statuses: Counter[str] = Counter()
        self.sample = b""
        self.received = bytearray()
        self.is_done = False
        self.connect()

    def connect(self) -> None:
        self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=ANSWER_SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.is_hung_up = False

    def begin(self) -> None:
        """The next visit, if there is one left."""
        visit = next(self.visits, None)
        self.is_done = visit is None
        if visit is not None:
            self.visit = visit
            self.flow_began = time.perf_counter()
            self.send(next(visit))

    def send(self, request: bytes) -> None:
        self.began = time.perf_counter()
        if self.is_hung_up:
            self.socket.close()
            self.connect()
        self.socket.sendall(request)

    def hear(self) -> bool:
        """Read what has come; True when a whole answer was there and taken."""
        piece = self.socket.recv(1 << 18)
        if not piece:
            raise ConnectionError("the server closed the connection")
        self.received += piece
        answer = whole(self.received)
        if answer is None:
            return False
        self.times.append(time.perf_counter() - self.began)
        self.received = bytearray()
        status, body, self.is_hung_up = answer
        self.statuses[status] += 1
        self.sample = self.sample or body
        self.go_on(status, body)
        return True

    def go_on(self, status: str, body: bytes) -> None:
        try:
            self.send(self.visit.send((status, body)))
        except StopIteration:
            self.flow_times.append(time.perf_counter() - self.flow_began)
            self.begin()


def whole(received: bytearray) -> tuple[str, bytes, bool] | None:
    """(status, body, no more on this connection) once all that Content-Length promises is there."""
    end = received.find(b"\r\n\r\n")
    if end < 0:
        return None
    head = bytes(received[:end]).lower()
    at = head.find(b"content-length:")
    if at < 0:
        raise ValueError(f"an answer without Content-Length: {head[:80]!r}")
    length = int(head[at + 15 :].split(b"\r\n", 1)[0])
    if len(received) - end - 4 < length:
        return None
    is_last = b"\r\nconnection: close" in head
    return head[9:12].decode(), bytes(received[end + 4 :]), is_last


def run(load: Load) -> Tally:
    visits = VISITS[load.visit](load.given)
    cpu, began = time.process_time(), time.perf_counter()
    visitors = [Visitor(load, visits) for _ in range(load.connections)]
    deadline = began + load.seconds
    selector = selectors.DefaultSelector()
    for visitor in visitors:
        visitor.begin()
        if not visitor.is_done:
            selector.register(visitor.socket, selectors.EVENT_READ, visitor)
    answers = 0
    while selector.get_map() and answers < load.most and not is_over(visitors, deadline):
        for key, _ in selector.select(timeout=1.0):
            answers += key.data.hear()
            follow(selector, key)
    return tally(visitors, time.perf_counter() - began, time.process_time() - cpu)


def follow(selector: selectors.BaseSelector, key: selectors.SelectorKey) -> None:
    """To the visitor's next connection, or to none when he is done."""
    visitor: Visitor = key.data
    if visitor.is_done:
        selector.unregister(key.fileobj)
    elif visitor.socket is not key.fileobj:
        selector.unregister(key.fileobj)
        selector.register(visitor.socket, selectors.EVENT_READ, visitor)


def is_over(visitors: list[Visitor], deadline: float) -> bool:
    """Past the deadline, and one visit at least has been played to its end."""
    return time.perf_counter() >= deadline and any(each.flow_times for each in visitors)


def tally(visitors: list[Visitor], seconds: float, cpu: float) -> Tally:
    times = sorted(each for visitor in visitors for each in visitor.times)
    flow_times = sorted(each for visitor in visitors for each in visitor.flow_times)
    statuses: Counter[str] = sum((visitor.statuses for visitor in visitors), Counter())
    return Tally(
        seconds=seconds,
        requests=len(times),
        flows=len(flow_times),
        p50=quantile(times, 0.50),
        p95=quantile(times, 0.95),
        flow_p95=quantile(flow_times, 0.95),
        client_cpu=cpu,
        statuses=dict(statuses),
        sample=visitors[0].sample.decode(errors="replace"),
    )


def quantile(times: list[float], part: float) -> float:
    """In milliseconds, of times in ascending order."""
    return times[min(int(len(times) * part), len(times) - 1)] * 1000 if times else 0.0


if __name__ == "__main__":
    print(json.dumps(asdict(run(Load(**json.load(sys.stdin))))))
