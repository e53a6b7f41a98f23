"""Callers that go on calling while a test breaks things, and remember every answer."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from apps.orders.models import Return
from faults.client import NO_ANSWER, WAIT, Client, Reply
from faults.waiting import NeverCame, wait_for
from faults.world import World, new_key

TOLD_TO_COME_AGAIN = (NO_ANSWER, 503)


@dataclass(frozen=True, slots=True)
class Answer:
    """`at` is when it came, by time.monotonic()."""

    at: float
    kind: str
    reply: Reply


@dataclass(slots=True)
class Load:
    """Some accept returns, each under one key until it is answered; one reads all the while.

    `port` of another web process than the usual one, such as one behind a proxy.
    """

    world: World
    returns: list[Return]
    accepters: int = 3
    pause: float = 0.05
    port: int = 0
    answers: list[Answer] = field(default_factory=list)
    accepted: list[Return] = field(default_factory=list)
    _left: list[tuple[Return, object]] = field(default_factory=list)
    _ended: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def running(self) -> Iterator["Load"]:
        self._left = [(ret, self.world.decisions(ret)) for ret in reversed(self.returns)]
        api = self.world.api
        api.port = self.port or api.port
        callers = [
            *(threading.Thread(target=self._accept, args=(api,)) for _ in range(self.accepters)),
            threading.Thread(target=self._read, args=(api,)),
        ]
        for caller in callers:
            caller.start()
        try:
            yield self
        finally:
            self._ended.set()
            for caller in callers:
                caller.join(60)

    @property
    def is_through(self) -> bool:
        return len(self.accepted) == len(self.returns)

    def finish(self, within: float) -> None:
        try:
            wait_for("the load to be through", lambda: self.is_through, within)
        except NeverCame as never:
            heard = Counter(
                (each.kind, each.reply.status, each.reply.code) for each in self.answers
            )
            raise NeverCame(f"{never}; {len(self.accepted)} accepted; {heard}") from None

    def statuses(self, kind: str = "") -> set[int]:
        """Of all answers but those that only say to wait for the call that came before."""
        return {
            each.reply.status
            for each in self.answers
            if kind in ("", each.kind) and each.reply.code not in WAIT
        }

    def between(self, start: float, end: float) -> list[Reply]:
        """What was answered then."""
        return [each.reply for each in self.answers if start <= each.at < end]

    def slowest(self, start: float = 0, end: float = float("inf")) -> float:
        return max((reply.seconds for reply in self.between(start, end)), default=0)

    def _accept(self, api: Client) -> None:
        while not self._ended.is_set():
            try:
                ret, body = self._left.pop()
            except IndexError:
                return
            key, path = new_key(), f"/v1/returns/{ret.pk}/decisions"
            while not self._ended.is_set():
                reply = self._note("accept", api.post(path, body, key=key))
                if reply.status not in TOLD_TO_COME_AGAIN and reply.code not in WAIT:
                    break
            if reply.status == 200:
                self.accepted.append(ret)

    def _read(self, api: Client) -> None:
        while not self._ended.is_set():
            self._note("read", api.get("/v1/returns"))

    def _note(self, kind: str, reply: Reply) -> Reply:
        self.answers.append(Answer(time.monotonic(), kind, reply))
        time.sleep(self.pause)
        return reply
