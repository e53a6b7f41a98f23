"""F-30: two things that happen to one refund at the worst moment for each other."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Thread
from typing import Any

import pytest

from apps.core import clock
from apps.events.models import Event
from apps.orders import choices as orders
from apps.orders.models import Return
from apps.orders.services import clockwork
from apps.orders.tests.factories import ReturnFactory
from apps.payments import choices
from apps.payments.models import Payment
from faults.board import Board
from faults.client import Client, Reply, at_once
from faults.control import Control
from faults.desk import desk_of
from faults.judge import Judge
from faults.processes import Process, Web
from faults.report import Report
from faults.rig import Rig
from faults.waiting import wait_for
from faults.world import World, new_key

Status = choices.Payment.Status
ReturnStatus = orders.Return.Status


@pytest.fixture
def two_at_work(rig: Rig, pool: None, world: World, web: Web, beat: Process) -> None:
    """One process of the pool may be held while the other works on."""
    rig.worker("pool", concurrency=2)


@pytest.fixture
def nobody_sweeps(rig: Rig) -> Iterator[None]:
    """A held sender stays the only one, however slow the machine."""
    rig.end("beat")
    rig.web()
    rig.worker("pool", concurrency=2)
    yield
    rig.end("pool")


class HeldRefundTest:
    @pytest.mark.fault("F-30 webhook before tx3")
    def test_the_webhook_settles_it_while_the_answer_is_held(
        self, world: World, two_at_work: None, board: Board
    ) -> None:
        world.hear_webhooks()
        ret = world.received_card()
        with board.holding("before-settling"):
            assert world.accept(ret).status == 200
            wait_for("the answer to be held", lambda: board.held("before-settling"))
            world.seconds_until_paid(ret)

        assert_paid_once(world, ret)

    @pytest.mark.fault("F-30 cancelled before the call")
    def test_it_cannot_be_called_off_once_it_is_taken(
        self, world: World, two_at_work: None, board: Board
    ) -> None:
        ret = world.received_card()
        desk = desk_of(world)
        with board.holding("before-call"):
            assert world.accept(ret).status == 200
            wait_for("the call to be held", lambda: board.held("before-call"))
            (payment,) = world.payments(ret)
            path, body = f"/v1/refunds/{payment.pk}/cancel", {"reason": "changed our mind"}
            assert desk.post(path, body, key=new_key()).status == 409

        world.seconds_until_paid(ret)
        assert_paid_once(world, ret)

    @pytest.mark.fault("F-30 sender overtaken")
    @pytest.mark.full
    def test_a_held_sender_and_the_sweeper_that_overtook_it(
        self, world: World, two_at_work: None, board: Board
    ) -> None:
        """Held beyond its lease, it makes its call after another process made it."""
        ret = world.received_card()
        held_beyond_its_lease(world, ret, board)

        world.seconds_until_paid(ret)
        assert_paid_once(world, ret)
        wait_for("both calls", lambda: len(calls_for(world, ret)) == 2)

    @pytest.mark.fault("F-30 refund by hand in flight")
    def test_what_the_shop_writes_down_meanwhile_is_counted(
        self, world: World, two_at_work: None, board: Board
    ) -> None:
        """The return takes 60.00 of 100.00: 40.00 more may go back by hand, and not a cent more."""
        ret = sixty_of_a_hundred(world)
        with board.holding("before-call"):
            assert world.accept(ret).status == 200
            wait_for("the call to be held", lambda: board.held("before-call"))
            desk = desk_of(world)
            amounts = ("40.01", "40.00", "0.01")
            told = [written_down(desk, ret, amount).status for amount in amounts]

        assert told == [409, 201, 409]
        wait_for("the refund", lambda: world.statuses(ret).count(Status.SUCCEEDED))
        live = Payment.objects.filter(order_id=ret.order_id, status__in=choices.Payment.LIVE)
        assert sum(each.amount.minor for each in live) == 10_000

    @pytest.mark.fault("F-30 rules change meanwhile")
    def test_a_change_of_the_rules_does_not_reach_a_refund_under_way(
        self, world: World, two_at_work: None, board: Board
    ) -> None:
        """Between two halves of a decision the store begins to charge for returns."""
        ret = world.received_card()
        first, *rest = world.decisions(ret)["units"]
        decide = f"/v1/returns/{ret.pk}/decisions"
        assert world.api.post(decide, {"units": [first]}, key=new_key()).status == 200
        fee: dict[str, object] = {"restocking_fixed": {"amount": "9.00", "currency": "EUR"}}
        changed = patched(world, f"/v1/stores/{world.store.slug}/settings", fee)
        assert changed.status == 200, changed.content
        assert world.api.post(decide, {"units": rest}, key=new_key()).status == 200

        world.seconds_until_paid(ret)
        assert world.paid(ret) == ret.order.captured


class ErasedMeanwhileTest:
    @pytest.mark.fault("F-30 erased in mid-refund")
    def test_the_erasure_waits_for_the_refund(
        self, world: World, nobody_sweeps: None, board: Board
    ) -> None:
        erased_in_mid_refund(world, board)


class SameSecondTest:
    @pytest.mark.fault("F-30 accept and reject at once")
    @pytest.mark.runs(5, 10, 25)
    def test_one_of_them_wins(
        self, world: World, web: Web, worker: Process, beat: Process, report: Report, runs: int
    ) -> None:
        returns = [world.received_card() for _ in range(runs)]
        won = [decided_at_once(world, ret) for ret in returns]

        assert set(won) <= {"accept", "reject"}
        report.fact("accepted", won.count("accept"))
        report.fact("rejected", won.count("reject"))
        accepted = [ret for ret, how in zip(returns, won, strict=True) if how == "accept"]
        if accepted:
            world.seconds_until_paid(*accepted, within=20)
        for ret, how in zip(returns, won, strict=True):
            assert len(world.refunded_there(ret)) == (how == "accept")

    @pytest.mark.fault("F-30 cancelled by time, received")
    @pytest.mark.runs(5, 10, 25)
    def test_the_job_that_cancels_and_the_goods_that_arrive(
        self, world: World, web: Web, worker: Process, beat: Process, report: Report, runs: int
    ) -> None:
        """At the second its time to ship is over: cancelled or received, never both."""
        ends = [cancelled_or_received(world) for _ in range(runs)]

        assert set(ends) <= {ReturnStatus.CANCELLED, ReturnStatus.RECEIVED}
        report.fact("received", ends.count(ReturnStatus.RECEIVED))


class InterleavingControlTest:
    @pytest.mark.fault("F-30 sender overtaken")
    @pytest.mark.full
    def test_without_the_key_both_senders_pay(
        self, control: Control, rig: Rig, board: Board, web_worker_beat: None
    ) -> None:
        def scene(world: World, judge: Judge) -> None:
            rig.worker("pool", concurrency=2)
            held_beyond_its_lease(world, world.received_card(), board)

        control.must_fail(scene, "idempotency-key", "asking")
        rig.end("pool")

    @pytest.mark.fault("F-30 refund by hand in flight")
    @pytest.mark.full
    def test_without_the_cap_too_much_goes_back(
        self, control: Control, web_worker_beat: None
    ) -> None:
        def scene(world: World, judge: Judge) -> None:
            ret = sixty_of_a_hundred(world)
            assert world.accept(ret).status == 200
            assert written_down(desk_of(world), ret, "90.00").status == 201

        control.must_fail(scene, "cap")

    @pytest.mark.fault("F-30 erased in mid-refund")
    @pytest.mark.full
    def test_without_waiting_she_is_gone_before_her_money(
        self, control: Control, board: Board, nobody_sweeps: None
    ) -> None:
        def scene(world: World, judge: Judge) -> None:
            erased_in_mid_refund(world, board)

        control.must_fail(scene, "waits")

    @pytest.mark.fault("F-30 accept and reject at once")
    @pytest.mark.full
    def test_without_the_lock_both_win(
        self, control: Control, rig: Rig, board: Board, web_worker_beat: None
    ) -> None:
        """Both have read the return and neither has decided it when they go on."""

        def scene(world: World, judge: Judge) -> None:
            judge.allow(500)
            ret = world.received_card()
            with ThreadPoolExecutor(1) as caller:
                with board.holding("in-verb"):
                    deciding = caller.submit(decided_at_once, world, ret)
                    wait_for("both to be held", lambda: board.held("in-verb") > 1)
                assert deciding.result() in {"accept", "reject"}

        # Verbs of others would be held too, and counted.
        rig.end_workers()
        control.must_fail(scene, "row-lock")


def assert_paid_once(world: World, ret: Return) -> None:
    assert world.paid(ret) == ret.order.captured
    assert len(world.refunded_there(ret)) == 1
    ids = [payment.pk for payment in world.payments(ret)]
    ends = Event.objects.filter(subject_id__in=ids, kind=choices.Event.REFUND_SUCCEEDED)
    assert ends.count() == 1


def erased_in_mid_refund(world: World, board: Board) -> None:
    """Told why, and by when at the latest; the same request is done once she was paid."""
    ret = world.received_card()
    order, email, desk = ret.order, ret.order.email, desk_of(world)
    with board.holding("before-call"):
        assert world.accept(ret).status == 200
        wait_for("the call to be held", lambda: board.held("before-call"))
        # Of a decision of today the erasure waits for other things too.
        Return.objects.filter(pk=ret.pk).update(decided_at=clock.now() - timedelta(days=2))
        told = erasure_of(desk, email, "postponed")
        order.refresh_from_db()
        assert order.email == email
        assert told["why"] == [f"payment_open:{order.number}"]

    world.seconds_until_paid(ret)
    assert_paid_once(world, ret)
    erasure_of(desk, email, "done")
    order.refresh_from_db()
    assert (order.email, order.refunded) == ("", order.captured)


def erasure_of(desk: Client, email: str, until: str) -> dict[str, Any]:
    """Asked for, again under the same reference, and seen when a worker has tried it."""
    body = {"kind": "erasure", "email": email, "reference": "ticket-1"}
    reply = desk.post("/v1/privacy-requests", body, key=new_key())
    assert reply.status == 201, reply.content
    path = f"/v1/privacy-requests/{reply.body['id']}"
    wait_for(f"the erasure to be {until}", lambda: desk.get(path).body["status"] == until)
    told: dict[str, Any] = desk.get(path).body
    return told


def held_beyond_its_lease(world: World, ret: Return, board: Board) -> None:
    with board.holding("before-call"):
        assert world.accept(ret).status == 200
        wait_for("the call to be held", lambda: board.held("before-call"))
        wait_for("the sweeper to send it", lambda: world.refunded_there(ret), 25)


def calls_for(world: World, ret: Return) -> list[str]:
    keys = {payment.idempotency_key for payment in world.payments(ret)}
    return [call["key"] for call in world.psp.calls("POST") if call["key"] in keys]


def sixty_of_a_hundred(world: World) -> Return:
    order = world.card_order(
        lines=[{"quantity": 1, "unit_price_minor": each} for each in (6000, 4000)]
    )
    line = order.lines.get(total_minor=6000)
    made: Return = ReturnFactory.create(
        order=order, received=True, refund_method="original", lines=[{"line_item": line}]
    )
    return made


def written_down(desk: Client, ret: Return, amount: str) -> Reply:
    body = {
        "reference": f"drawer-{amount}",
        "amount": {"amount": amount, "currency": "EUR"},
        "payment": str(ret.order.tenders.get().pk),
    }
    return desk.post(f"/v1/returns/{ret.pk}/manual-refund", body, key=new_key())


def patched(world: World, path: str, body: dict[str, object]) -> Reply:
    named = {"Content-Type": "application/json"}
    return desk_of(world).call("PATCH", path, json.dumps(body).encode(), named)


def decided_at_once(world: World, ret: Return) -> str:
    """Who won; "both" or "nobody" is what must not be."""
    accept, api = world.accepting(ret), world.api
    steps: list[Callable[[], Reply]] = [
        lambda: accept(new_key()),
        lambda: api.post(f"/v1/returns/{ret.pk}/reject", {"reason": "worn"}, key=new_key()),
    ]
    answers = at_once(lambda step: step(), steps)
    assert {answer.status for answer in answers} <= {200, 409, 500}
    won = [answer.status == 200 for answer in answers]
    return {(True, False): "accept", (False, True): "reject"}.get(
        (won[0], won[1]), "both" if all(won) else "nobody"
    )


def cancelled_or_received(world: World) -> str:
    ret: Return = ReturnFactory.create(
        order=world.order(), expires_at=clock.now() - timedelta(seconds=1)
    )
    job = Thread(target=lambda: clockwork.cancel_not_shipped(clock.now()))
    api = world.api
    job.start()
    answer = api.post(f"/v1/returns/{ret.pk}/receive", {}, key=new_key())
    job.join(20)
    ret.refresh_from_db()
    # Goods of a return that is over are taken note of by nobody; that is no error of the caller.
    assert answer.status in (200, 409)
    assert (ret.received_at is not None) == (ret.status == ReturnStatus.RECEIVED)
    return str(ret.status)
