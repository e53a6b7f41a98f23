"""F-06: a whole worker is killed at every step of a refund, and another one lives."""

import pytest

from faults.board import Board
from faults.control import Control
from faults.judge import Judge
from faults.processes import Process, Web
from faults.report import Report
from faults.rig import Rig
from faults.tests.test_f05_worker_child import PAID_TWICE_WITHOUT
from faults.waiting import wait_for
from faults.world import World

POINTS = ("K4", "K5", "K6", "K7", "K8", "K9")


class WorkerGroupTest:
    @pytest.mark.parametrize(
        "point", [pytest.param(p, marks=pytest.mark.fault(f"F-06 group at {p}")) for p in POINTS]
    )
    @pytest.mark.runs(1, 4, 20)
    @pytest.mark.full
    def test_the_other_worker_carries_on(
        self,
        rig: Rig,
        world: World,
        web: Web,
        worker: Process,
        beat: Process,
        board: Board,
        report: Report,
        runs: int,
        point: str,
    ) -> None:
        """Killed workers are started again while the other one works."""
        workers = [worker, rig.worker("second-worker")]
        returns = []
        for number in range(1, runs + 1):
            board.arm(point, whole_group=True)
            returns.append(world.received_card())
            assert world.accept(returns[-1]).status == 200
            board.wait_for_deaths(point, number)
            for dead in [each for each in workers if not each.is_running()]:
                dead.launch()

        report.fact("s to the end", world.seconds_until_paid(*returns))
        assert {len(world.refunded_there(ret)) for ret in returns} == {1}


class WorkerGroupControlTest:
    @pytest.mark.parametrize(
        ("point", "protections"),
        [
            pytest.param(point, off, marks=pytest.mark.fault(f"F-06 group at {point}"))
            for point, off in {"K5": ("sweeper",), **PAID_TWICE_WITHOUT}.items()
        ],
    )
    @pytest.mark.full
    def test_without_its_protection_it_is_lost_or_paid_twice(
        self,
        control: Control,
        rig: Rig,
        board: Board,
        web_worker_beat: None,
        point: str,
        protections: tuple[str, ...],
    ) -> None:
        def killed(world: World, judge: Judge) -> None:
            rig.worker()
            board.arm(point, whole_group=True)
            world.accept(world.received_card())
            board.wait_for_deaths(point)
            rig.worker()
            with rig.servers.broker() as broker:
                wait_for("the message to be worked at again", lambda: not broker.hlen("unacked"))

        control.must_fail(killed, *protections, within=15)

    @pytest.mark.fault("F-06 group at K4")
    @pytest.mark.full
    def test_acknowledged_early_and_without_the_sweeper_it_is_lost(
        self, control: Control, rig: Rig, board: Board, web_worker_beat: None
    ) -> None:
        rig.end("worker")

        def killed_with_the_message(world: World, judge: Judge) -> None:
            rig.worker("early", FAULTS_WITHOUT="acks-late")
            board.arm("K4", whole_group=True)
            world.accept(world.received_card())
            board.wait_for_deaths("K4")
            rig.worker("early", FAULTS_WITHOUT="acks-late")

        control.must_fail(killed_with_the_message, "sweeper")
        rig.end("early")
