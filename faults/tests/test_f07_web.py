"""F-07: the web process is killed around its transaction; the client calls again with its key."""

import pytest

from faults.board import Board
from faults.client import NO_ANSWER
from faults.processes import Process, Web
from faults.report import Report
from faults.world import World


@pytest.mark.rounds(2, 20)
class WebTest:
    @pytest.mark.fault("F-07 web at K1")
    def test_in_the_transaction_of_the_promise(
        self, world: World, web: Web, worker: Process, beat: Process, board: Board, report: Report
    ) -> None:
        """Nothing of the promise is left; the answer of the decision is played back."""
        ret = world.received_card()
        board.arm("K1")

        assert world.accept(ret).status == NO_ANSWER
        assert world.payments(ret) == []
        again = world.accept(ret)

        assert (again.status, again.is_replayed) == (200, True)
        report.fact("s to the end", world.seconds_until_paid(ret))
        assert len(world.refunded_there(ret)) == 1

    @pytest.mark.fault("F-07 web at K2")
    def test_after_the_transaction_of_the_promise(
        self, world: World, web: Web, worker: Process, beat: Process, board: Board, report: Report
    ) -> None:
        """The promise stands and nobody was told; the repeat has the same body."""
        ret = world.received_card()
        board.arm("K2")

        assert world.accept(ret).status == NO_ANSWER
        promised = [payment.pk for payment in world.payments(ret)]
        again, third = world.accept(ret), world.accept(ret)

        assert (again.status, again.content) == (200, third.content)
        report.fact("s to the end", world.seconds_until_paid(ret))
        assert [payment.pk for payment in world.payments(ret)] == promised
        assert len(world.refunded_there(ret)) == 1
