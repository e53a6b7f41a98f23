"""K15, K2: the web process is killed around the grant of an advance; the shopper calls again."""

from collections.abc import Callable

import pytest

from apps.orders.models import Advance, Order, Return
from apps.payments.gateways.store_credit.models import StoreCreditAccount
from apps.underwriting.models import ExposureHold
from apps.underwriting.services import exposure
from faults.board import Board
from faults.client import NO_ANSWER, Reply, patiently
from faults.control import Control
from faults.instant import order_at, pay_at_once, quoted, shop
from faults.judge import Judge
from faults.processes import Process, Web
from faults.report import Report
from faults.waiting import wait_for
from faults.world import World


def killed(world: World, board: Board, point: str) -> tuple[Order, Callable[[], Reply]]:
    """Offers are taken until the web process that serves one of them dies."""
    pay_at_once(most_at_an_address=100)
    while not board.died_at(point):
        order = order_at(shop())
        take = quoted(world, order)
        board.arm(point, role="web")
        if take().status == NO_ANSWER:
            return order, take
    raise AssertionError(f"nobody waited for whom died at {point}")


def credited(order: Order) -> list[str]:
    accounts = StoreCreditAccount.objects.filter(ret__order=order)
    return [str(account.balance) for account in accounts]


@pytest.mark.full
class AdvanceTest:
    @pytest.mark.fault("K15 advance before its commit")
    def test_before_the_commit_nothing_is_left(
        self, world: World, web: Web, worker: Process, beat: Process, board: Board, report: Report
    ) -> None:
        order, take = killed(world, board, "K15")
        assert not Return.objects.filter(order=order).exists()
        assert not ExposureHold.objects.filter(merchant_id=order.merchant_id).exists()

        assert patiently(take).status == 201
        wait_for("the credit", lambda: credited(order) == ["35.05 EUR"])
        assert Advance.objects.filter(ret__order=order).count() == 1
        assert exposure.differences() == []
        report.fact("advances", 1)

    @pytest.mark.fault("K2 advance after its commit")
    def test_after_the_commit_it_is_paid_once(
        self, world: World, web: Web, worker: Process, beat: Process, board: Board, report: Report
    ) -> None:
        order, take = killed(world, board, "K2")
        ret = Return.objects.get(order=order)

        again = patiently(take)
        assert (again.status, again.body["number"]) == (201, ret.number)
        wait_for("the credit", lambda: credited(order) == ["35.05 EUR"])
        assert Advance.objects.filter(ret__order=order).count() == 1
        assert exposure.differences() == []
        report.fact("advances", 1)

    @pytest.mark.fault("K2 advance after its commit")
    def test_without_the_sweepers_it_is_never_paid(
        self, control: Control, board: Board, web_worker_beat: None
    ) -> None:
        def scene(world: World, judge: Judge) -> None:
            killed(world, board, "K2")

        control.must_fail(scene, "sweeper", "event-sweeper")
