"""F-10: Valkey forgets everything, dies, hangs or is full; the rows are the queue of record."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
import redis

from faults.client import NO_ANSWER, Client
from faults.control import Control
from faults.judge import Judge
from faults.load import Load
from faults.processes import Process, Web
from faults.report import Report
from faults.servers import Servers
from faults.world import World

LOAD = 40
AWAY, FROZEN = 3.0, 12.0
# Three seconds on a machine of one's own.
ANSWERED_WITHIN = 15.0
DONE_WITHIN = 60.0
# 30 misses an hour and network; a process that sees no other counts a quarter, and there are two.
SHARED, LET_THROUGH = 30, 2 * (30 // 4)
GUESSES = SHARED + LET_THROUGH + 10
JUNK = "junk:"


@contextmanager
def flushed(servers: Servers) -> Iterator[None]:
    for _ in range(5):
        servers.empty_valkey()
        time.sleep(0.2)
    yield


@contextmanager
def killed(servers: Servers) -> Iterator[None]:
    servers.kill_valkey()
    try:
        yield
        time.sleep(AWAY)
    finally:
        servers.start_valkey(empty=True)


@contextmanager
def frozen(servers: Servers) -> Iterator[None]:
    pid = servers.freeze_valkey()
    until = time.monotonic() + FROZEN
    try:
        yield
        time.sleep(max(0, until - time.monotonic()))
    finally:
        servers.thaw(pid)


@contextmanager
def full(servers: Servers) -> Iterator[None]:
    """5 MB and nothing is thrown out for it: every write is refused."""
    with servers.broker() as valkey:
        valkey.config_set("maxmemory", "5mb")
        with pytest.raises(redis.ResponseError, match="maxmemory"):
            fill(valkey)
        try:
            yield
            time.sleep(AWAY)
        finally:
            valkey.config_set("maxmemory", "0")
            valkey.delete(*valkey.keys(f"{JUNK}*"))


def fill(valkey: redis.Redis) -> None:
    for number in range(100):
        valkey.set(f"{JUNK}{number}", "x" * 100_000)


type Fault = Callable[[Servers], AbstractContextManager[None]]
FAULTS = [flushed, killed, frozen, full]


class ValkeyTest:
    @pytest.mark.parametrize(
        "fault",
        [pytest.param(f, marks=pytest.mark.fault(f"F-10 Valkey {f.__name__}")) for f in FAULTS],
    )
    @pytest.mark.full
    def test_the_web_answers_and_nothing_is_lost(
        self,
        world: World,
        web: Web,
        worker: Process,
        beat: Process,
        judge: Judge,
        report: Report,
        fault: Fault,
    ) -> None:
        judge.allow(503)
        judge.within = DONE_WITHIN
        servers = world.rig.servers
        load = Load(world, [world.received_card() for _ in range(LOAD)], pause=0.02)
        with load.running():
            time.sleep(0.5)
            with fault(servers):
                began = time.monotonic()
                if fault is not flushed:
                    # One that is full takes a write now and then: then both counts hold.
                    shared = SHARED if fault is full else 0
                    assert guessed(world, web) <= LET_THROUGH + shared
            ended = time.monotonic()
            load.finish(within=60)

        report.fact("slowest answer in it, s", load.slowest(began, ended))
        report.fact("backlog done after s", world.seconds_until_paid(*load.returns, within=60))
        report.fact("answers", len(load.answers))
        assert load.statuses() <= {200, 503}
        assert NO_ANSWER not in load.statuses()
        assert load.slowest() < ANSWERED_WITHIN
        assert {len(world.refunded_there(ret)) for ret in load.returns} == {1}
        assert web.is_running()
        assert worker.is_running()


class ValkeyControlTest:
    @pytest.mark.fault("F-10 Valkey flushed")
    @pytest.mark.full
    def test_without_the_sweeper_what_the_broker_forgot_is_lost(
        self, control: Control, web_worker_beat: None
    ) -> None:
        def scene(world: World, judge: Judge) -> None:
            judge.allow(503)
            # A worker would have done it all before the broker forgets it.
            world.rig.end("worker")
            load = Load(world, [world.received_card() for _ in range(20)], pause=0)
            with load.running():
                load.finish(within=60)
            with flushed(world.rig.servers):
                world.rig.worker()

        control.must_fail(scene, "sweeper", within=10)


def guessed(world: World, web: Web) -> int:
    """How many look-ups of orders that are none get past the limit."""
    peer = Client(web.port, "returns-api")
    path = f"/v1/stores/{world.store.slug}/lookups"
    answers = [
        peer.post(path, {"order_number": f"#{number}", "email": "guess@example.test"})
        for number in range(GUESSES)
    ]
    assert {answer.status for answer in answers} <= {202, 429, 503}
    return sum(answer.status == 202 for answer in answers)
