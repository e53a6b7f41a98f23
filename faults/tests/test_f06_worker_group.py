"""F-06: a whole worker is killed at every step of a refund, and another one lives."""

import pytest

from faults.board import Board
from faults.processes import Process, Web
from faults.report import Report
from faults.rig import Rig
from faults.waiting import wait_for
from faults.world import World

POINTS = ("K4", "K5", "K6", "K7", "K8", "K9")


class WorkerGroupTest:
    @pytest.mark.parametrize(
        "point", [pytest.param(p, marks=pytest.mark.fault(f"F-06 group at {p}")) for p in POINTS]
    )
    @pytest.mark.rounds(1, 20)
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
        point: str,
    ) -> None:
        other = rig.worker("second-worker")
        ret = world.received_card()
        board.arm(point, whole_group=True)

        assert world.accept(ret).status == 200

        wait_for(f"a death at {point}", lambda: board.died_at(point))
        report.fact("s to the end", world.seconds_until_paid(ret))
        assert len(world.refunded_there(ret)) == 1
        assert [worker.is_running(), other.is_running()].count(True) == 1
