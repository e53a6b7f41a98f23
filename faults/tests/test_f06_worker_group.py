"""F-06: a whole worker is killed at every step of a refund, and another one lives."""

import pytest

from faults.board import Board
from faults.control import Control
from faults.judge import Judge
from faults.processes import Process, Web
from faults.report import Report
from faults.rig import Rig
from faults.world import World

POINTS = ("K4", "K5", "K6", "K7", "K8", "K9")


class WorkerGroupTest:
    @pytest.mark.parametrize(
        "point", [pytest.param(p, marks=pytest.mark.fault(f"F-06 group at {p}")) for p in POINTS]
    )
    @pytest.mark.runs(1, 20)
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
    @pytest.mark.fault("F-06 group at K5")
    @pytest.mark.full
    def test_without_the_sweeper_it_is_lost(
        self, control: Control, rig: Rig, board: Board, web_worker_beat: None
    ) -> None:
        def killed_after_it_was_taken(world: World, judge: Judge) -> None:
            rig.worker()
            board.arm("K5", whole_group=True)
            world.accept(world.received_card())
            board.wait_for_deaths("K5")
            rig.worker()

        control.must_fail(killed_after_it_was_taken, "sweeper")
