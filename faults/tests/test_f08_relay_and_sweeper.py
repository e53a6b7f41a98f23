"""F-08: who tells events and who finds what was left behind are killed before they write it down.

K12, a sender of webhooks, has no code yet.
"""

import pytest

from faults.board import Board
from faults.client import NO_ANSWER
from faults.control import Control
from faults.judge import Judge
from faults.processes import Process, Web
from faults.report import Report
from faults.waiting import wait_for
from faults.world import World


@pytest.mark.runs(1, 4, 20)
class RelayAndSweeperTest:
    @pytest.mark.fault("F-08 relay at K3")
    def test_an_event_that_was_told_is_told_again(
        self,
        world: World,
        web: Web,
        worker: Process,
        beat: Process,
        board: Board,
        report: Report,
        runs: int,
    ) -> None:
        """Its ears promise the refund; killed before the mark, they hear it twice."""
        returns = []
        while len(board.died_at("K3")) < runs:
            returns.append(world.received_card())
            board.arm("K3", role="web")
            assert world.accept(returns[-1]).status in (NO_ANSWER, 200)

        report.fact("s to the end", world.seconds_until_paid(*returns))
        assert {len(world.payments(ret)) for ret in returns} == {1}
        assert {len(world.refunded_there(ret)) for ret in returns} == {1}

    @pytest.mark.fault("F-08 sweeper at K13")
    @pytest.mark.full
    def test_a_sweeper_that_asked_asks_again(
        self,
        world: World,
        web: Web,
        worker: Process,
        beat: Process,
        board: Board,
        report: Report,
        runs: int,
    ) -> None:
        """Each refund is first left without an answer, then its sweeper dies with the answer."""
        returns = [world.received_card() for _ in range(runs)]
        board.arm("K7", deaths=runs)
        board.arm("K13", deaths=runs)
        for ret in returns:
            assert world.accept(ret).status == 200

        wait_for("the deaths at K13", lambda: len(board.died_at("K13")) == runs, 180)
        report.fact("s to the end", world.seconds_until_paid(*returns))
        assert {len(world.refunded_there(ret)) for ret in returns} == {1}


class RelayAndSweeperControlTest:
    @pytest.mark.fault("F-08 relay at K3")
    @pytest.mark.full
    def test_without_the_sweeper_of_events_it_is_never_marked(
        self, control: Control, board: Board, web_worker_beat: None
    ) -> None:
        def killed_before_the_mark(world: World, judge: Judge) -> None:
            board.arm("K3", role="web")
            world.accept(world.received_card())
            board.wait_for_deaths("K3")

        control.must_fail(killed_before_the_mark, "event-sweeper")

    @pytest.mark.fault("F-08 sweeper at K13")
    @pytest.mark.full
    def test_without_key_and_asking_it_is_paid_twice(
        self, control: Control, board: Board, web_worker_beat: None
    ) -> None:
        def killed_after_asking(world: World, judge: Judge) -> None:
            board.arm("K7")
            board.arm("K13")
            world.accept(world.received_card())
            board.wait_for_deaths("K13")

        control.must_fail(killed_after_asking, "asking", "idempotency-key", within=15)
