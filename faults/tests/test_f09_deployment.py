"""F-09: web, worker and beat are stopped and started again, one by one, under load."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from apps.orders.models import Return
from faults.client import NO_ANSWER, Client, Reply
from faults.control import Control
from faults.judge import Judge
from faults.processes import Process, Web
from faults.report import Report
from faults.rig import Rig
from faults.waiting import wait_for
from faults.world import World, new_key

TOO_LONG = 12


class DeploymentTest:
    @pytest.mark.fault("F-09 deployment")
    @pytest.mark.runs(1, 3)
    @pytest.mark.full
    def test_nothing_is_lost_and_nobody_sees_an_error(
        self, world: World, web: Web, worker: Process, beat: Process, report: Report, runs: int
    ) -> None:
        """A caller without an answer calls again with its key, as behind any load balancer."""
        returns = [world.received_card() for _ in range(30 * runs)]
        answers: list[Reply] = []

        with accepting(world, returns, answers) as left:
            for _ in range(runs):
                for process in (web, worker, beat):
                    started = time.monotonic()
                    process.terminate()
                    report.fact(f"s to stop {process.name}", time.monotonic() - started)
                    process.start()
            wait_for("the load to be through", lambda: not left, 120)

        report.fact("no answer, called again", sum(a.status == NO_ANSWER for a in answers))
        assert {answer.status for answer in answers} <= {200, NO_ANSWER}
        world.seconds_until_paid(*returns, within=60)
        assert {len(world.refunded_there(ret)) for ret in returns} == {1}
        assert max(report.row.facts[f"s to stop {p}"] for p in ("web", "worker")) < TOO_LONG


class DeploymentControlTest:
    @pytest.mark.fault("F-09 deployment")
    @pytest.mark.full
    def test_killed_and_without_the_sweepers_something_is_lost(
        self, control: Control, rig: Rig, web_worker_beat: None
    ) -> None:
        """SIGKILL instead of SIGTERM, and a worker that has acknowledged what it is at."""
        rig.end("worker")

        def scene(world: World, judge: Judge) -> None:
            early = rig.worker("early", FAULTS_WITHOUT="acks-late")
            returns = [world.received_card() for _ in range(10)]
            with accepting(world, returns, []) as left:
                for _ in range(3):
                    for process in (early, rig.web()):
                        process.kill_group()
                        process.start()
                wait_for("the load to be through", lambda: not left, 60)

        control.must_fail(scene, "event-sweeper", "sweeper")
        rig.end("early")


@contextmanager
def accepting(world: World, returns: list[Return], answers: list[Reply]) -> Iterator[list[Return]]:
    """Two callers accept one return after the other while the block runs."""
    left = list(returns)
    bodies = {ret.pk: world.decisions(ret) for ret in returns}
    api = world.api

    def call() -> None:
        while left:
            ret = left.pop()
            answers.extend(until_answered(api, ret, bodies[ret.pk]))

    callers = [threading.Thread(target=call) for _ in range(2)]
    for caller in callers:
        caller.start()
    yield left
    for caller in callers:
        caller.join(60)


def until_answered(api: Client, ret: Return, body: dict[str, object]) -> Iterator[Reply]:
    key = new_key()
    for _ in range(200):
        reply = api.post(f"/v1/returns/{ret.pk}/decisions", body, key=key)
        yield reply
        if reply.status != NO_ANSWER:
            return
        time.sleep(0.1)
