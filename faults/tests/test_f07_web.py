"""F-07: the web process is killed around its transaction; the client calls again with its key."""

import pytest

from apps.orders.models import Return
from faults.board import Board
from faults.client import NO_ANSWER
from faults.control import Control
from faults.judge import Judge
from faults.processes import Process, Web
from faults.report import Report
from faults.rig import Rig
from faults.waiting import wait_for
from faults.world import World


@pytest.mark.runs(1, 4, 20)
class WebTest:
    @pytest.mark.fault("F-07 web at K1")
    def test_in_the_transaction_of_the_promise(
        self,
        world: World,
        web: Web,
        worker: Process,
        beat: Process,
        board: Board,
        report: Report,
        runs: int,
    ) -> None:
        """Nothing of the promise is left; the answer of the decision is played back."""
        returns = []
        while len(board.died_at("K1")) < runs:
            returns.append(world.received_card())
            board.arm("K1", role="web")
            if world.accept(returns[-1]).status == NO_ANSWER:
                assert world.payments(returns[-1]) == []
                again = world.accept(returns[-1])
                assert (again.status, again.is_replayed) == (200, True)

        report.fact("s to the end", world.seconds_until_paid(*returns))
        assert {len(world.refunded_there(ret)) for ret in returns} == {1}

    @pytest.mark.fault("F-07 web at K2")
    def test_after_the_transaction_of_the_promise(
        self,
        world: World,
        web: Web,
        worker: Process,
        beat: Process,
        board: Board,
        report: Report,
        runs: int,
    ) -> None:
        """The promise stands and nobody was told; the repeat has the same body."""
        promised = {}
        while len(board.died_at("K2")) < runs:
            ret = world.received_card()
            board.arm("K2", role="web")
            if world.accept(ret).status == NO_ANSWER:
                promised[ret] = [payment.pk for payment in world.payments(ret)]
                again, third = world.accept(ret), world.accept(ret)
                assert (again.status, again.content) == (200, third.content)

        report.fact("s to the end", world.seconds_until_paid(*promised))
        for ret, payments in promised.items():
            assert [payment.pk for payment in world.payments(ret)] == payments
            assert len(world.refunded_there(ret)) == 1

    @pytest.mark.fault("F-07 web at K10")
    def test_after_a_webhook_was_stored(
        self,
        world: World,
        web: Web,
        worker: Process,
        beat: Process,
        board: Board,
        report: Report,
        runs: int,
    ) -> None:
        """The processor hears nothing; the message is worked at all the same, once."""
        world.hear_webhooks()
        returns = []
        while len(board.died_at("K10")) < runs:
            returns.append(world.received_card())
            board.arm("K10", role="web")
            until_accepted(world, returns[-1])
            wait_for("the refund", lambda: world.are_paid(returns))

        report.fact("refunds", len(returns))
        assert {len(world.refunded_there(ret)) for ret in returns} == {1}

    @pytest.mark.fault("F-07 handler at K11")
    @pytest.mark.full
    def test_in_the_handler_of_a_webhook(
        self,
        world: World,
        web: Web,
        worker: Process,
        beat: Process,
        board: Board,
        report: Report,
        runs: int,
    ) -> None:
        """The handler runs in a worker here; it is run again and changes nothing more."""
        world.hear_webhooks()
        returns = [world.received_card() for _ in range(runs)]
        board.arm("K11", deaths=runs)
        for ret in returns:
            assert world.accept(ret).status == 200

        wait_for("the deaths at K11", lambda: len(board.died_at("K11")) == runs, 180)
        report.fact("s to the end", world.seconds_until_paid(*returns))
        assert {len(world.refunded_there(ret)) for ret in returns} == {1}


class WebControlTest:
    @pytest.mark.parametrize(
        "point",
        [
            pytest.param("K1", marks=pytest.mark.fault("F-07 web at K1")),
            pytest.param("K2", marks=pytest.mark.fault("F-07 web at K2")),
        ],
    )
    @pytest.mark.full
    def test_without_both_sweepers_it_is_lost(
        self, control: Control, board: Board, web_worker_beat: None, point: str
    ) -> None:
        """Each of them alone finds it: an event that nobody heard, a payment that nobody sent."""

        def killed(world: World, judge: Judge) -> None:
            board.arm(point, role="web")
            world.accept(world.received_card())
            board.wait_for_deaths(point)

        control.must_fail(killed, "event-sweeper", "sweeper")


class WebhookControlTest:
    @pytest.mark.fault("F-07 web at K10")
    @pytest.mark.full
    def test_stored_and_without_the_sweeper_it_stays_in_the_inbox(
        self, control: Control, board: Board, web_worker_beat: None
    ) -> None:
        def killed_after_it_was_stored(world: World, judge: Judge) -> None:
            world.hear_webhooks()
            board.arm("K10", role="web")
            until_accepted(world, world.received_card())
            board.wait_for_deaths("K10")

        control.must_fail(killed_after_it_was_stored, "inbox-sweeper")

    @pytest.mark.fault("F-07 handler at K11")
    @pytest.mark.full
    def test_acknowledged_early_and_without_the_sweeper_it_stays_in_the_inbox(
        self, control: Control, rig: Rig, board: Board, web_worker_beat: None
    ) -> None:
        rig.end("worker")
        early = rig.worker("early", FAULTS_WITHOUT="acks-late")

        def killed_at_work_on_it(world: World, judge: Judge) -> None:
            world.hear_webhooks()
            board.arm("K11")
            world.accept(world.received_card())
            board.wait_for_deaths("K11")

        control.must_fail(killed_at_work_on_it, "inbox-sweeper")
        rig.end(early.name)


def until_accepted(world: World, ret: Return) -> None:
    """A web process that dies of something else takes the call with it; it is made again."""
    wait_for("the decision", lambda: world.accept(ret).status == 200)
