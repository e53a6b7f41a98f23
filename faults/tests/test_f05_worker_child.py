"""F-05: the process at work in the pool is killed at every step of a refund."""

import pytest

from faults.board import Board
from faults.processes import Process, Web
from faults.report import Report
from faults.waiting import wait_for
from faults.world import World

POINTS = ("K4", "K5", "K7", "K8", "K9")


class WorkerChildTest:
    @pytest.mark.parametrize(
        "point", [pytest.param(p, marks=pytest.mark.fault(f"F-05 child at {p}")) for p in POINTS]
    )
    @pytest.mark.rounds(2, 20)
    def test_refund_is_paid_once(
        self,
        world: World,
        web: Web,
        worker: Process,
        beat: Process,
        board: Board,
        report: Report,
        point: str,
    ) -> None:
        ret = world.received()
        board.arm(point)

        assert world.accept(ret).status == 200

        wait_for(f"a death at {point}", lambda: board.died_at(point))
        report.fact("s to the end", world.seconds_until_paid(ret))
        assert world.paid(ret) == ret.order.captured
