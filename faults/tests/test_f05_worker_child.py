"""F-05: the process at work in the pool is killed at every step of a refund."""

from contextlib import suppress

import pytest

from faults.board import Board
from faults.client import at_once
from faults.control import Control
from faults.judge import Judge
from faults.processes import Process, Web
from faults.report import Report
from faults.rig import Rig
from faults.waiting import NeverCame, wait_for
from faults.world import World

POINTS = ("K4", "K5", "K6", "K7", "K8", "K9")
SHORT = ("K5", "K7")
ASKED_FIRST = ("asking", "idempotency-key")
PAID_TWICE_WITHOUT = {
    "K6": ASKED_FIRST,
    "K7": ASKED_FIRST,
    "K8": ASKED_FIRST,
    "K9": ("one-sender", "idempotency-key"),
}


def marks(point: str) -> list[pytest.MarkDecorator]:
    left_out = [] if point in SHORT else [pytest.mark.full]
    return [pytest.mark.fault(f"F-05 child at {point}"), *left_out]


class WorkerChildTest:
    @pytest.mark.parametrize("point", [pytest.param(p, marks=marks(p)) for p in POINTS])
    @pytest.mark.runs(1, 4, 20)
    def test_each_refund_is_paid_once(
        self,
        rig: Rig,
        pool: None,
        world: World,
        web: Web,
        beat: Process,
        board: Board,
        report: Report,
        runs: int,
        point: str,
    ) -> None:
        """As many deaths as refunds; the clock for the end starts with the last of them.

        Celery makes up for a dead child every five seconds: many deaths take a pool of four.
        """
        if runs > 1:
            rig.end("worker")
            rig.worker("pool", concurrency=4)
        else:
            rig.worker()
        returns = [world.received_card() for _ in range(runs)]
        board.arm(point, deaths=runs)

        answers = at_once(world.accept, returns, threads=4)

        assert {answer.status for answer in answers} == {200}
        wait_for(f"the deaths at {point}", lambda: len(board.died_at(point)) == runs, 120)
        report.fact("s to the end", world.seconds_until_paid(*returns, within=15 + 3 * runs))
        for ret in returns:
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

    @pytest.mark.fault("F-05 child at K4")
    @pytest.mark.full
    def test_acknowledged_early_and_without_the_sweeper_it_is_lost(
        self, control: Control, rig: Rig, board: Board, web_worker_beat: None
    ) -> None:
        rig.end("worker")
        early = rig.worker("early", FAULTS_WITHOUT="acks-late")

        def killed_with_the_message(world: World, judge: Judge) -> None:
            board.arm("K4")
            world.accept(world.received_card())
            board.wait_for_deaths("K4")

        control.must_fail(killed_with_the_message, "sweeper")
        rig.end(early.name)

    @pytest.mark.parametrize(
        ("point", "protections"),
        [pytest.param(p, off, marks=marks(p)) for p, off in PAID_TWICE_WITHOUT.items()],
    )
    @pytest.mark.full
    def test_without_what_tells_it_from_a_new_one_it_is_paid_twice(
        self,
        control: Control,
        board: Board,
        web_worker_beat: None,
        point: str,
        protections: tuple[str, ...],
    ) -> None:
        def killed_once_it_was_there(world: World, judge: Judge) -> None:
            ret = world.received_card()
            board.arm(point)
            world.accept(ret)
            board.wait_for_deaths(point)
            # Paid already, it is quiet before the message of the dead child comes again.
            with suppress(NeverCame):
                wait_for("it to be paid twice", lambda: len(world.refunded_there(ret)) > 1, 8)

        control.must_fail(killed_once_it_was_there, *protections, within=15)
