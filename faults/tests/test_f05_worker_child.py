"""F-05: the process at work in the pool is killed at every step of a refund."""

import pytest

from faults.board import Board
from faults.control import Control
from faults.judge import Judge
from faults.processes import Process, Web
from faults.report import Report
from faults.waiting import wait_for
from faults.world import World

POINTS = ("K4", "K5", "K6", "K7", "K8", "K9")


class WorkerChildTest:
    @pytest.mark.parametrize(
        "point", [pytest.param(p, marks=pytest.mark.fault(f"F-05 child at {p}")) for p in POINTS]
    )
    @pytest.mark.rounds(1, 20)
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
        ret = world.received_card()
        board.arm(point)

        assert world.accept(ret).status == 200

        wait_for(f"a death at {point}", lambda: board.died_at(point))
        report.fact("s to the end", world.seconds_until_paid(ret))
        assert world.paid(ret) == ret.order.captured
        assert len(world.refunded_there(ret)) == 1


class WorkerChildControlTest:
    @pytest.mark.fault("F-05 child at K5")
    def test_without_the_sweeper_it_is_lost(
        self, control: Control, board: Board, web_worker_beat: None
    ) -> None:
        def killed_after_it_was_taken(world: World, judge: Judge) -> None:
            ret = world.received_card()
            board.arm("K5")
            world.accept(ret)
            wait_for("a death at K5", lambda: board.died_at("K5"))

        control.must_fail(killed_after_it_was_taken, "sweeper")

    @pytest.mark.fault("F-05 child at K7")
    def test_without_asking_and_key_it_is_paid_twice(
        self, control: Control, board: Board, web_worker_beat: None
    ) -> None:
        def killed_after_the_answer(world: World, judge: Judge) -> None:
            ret = world.received_card()
            board.arm("K7")
            world.accept(ret)
            wait_for("a death at K7", lambda: board.died_at("K7"))

        control.must_fail(killed_after_the_answer, "asking", "idempotency-key", within=15)
