"""F-31: the card processor answers too late, wrongly or not at all; each refund is made once."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from apps.core import clock
from apps.orders.models import Return
from apps.payments import choices, services
from apps.payments.models import Payment
from apps.payments.services.stripe import catch_up_with_stripe
from fakes.psp.desk import account_of
from faults.board import Board
from faults.control import Control
from faults.judge import Judge
from faults.processes import Process, Web
from faults.report import Report
from faults.rig import Rig
from faults.waiting import wait_for
from faults.world import World

Status = choices.Payment.Status
# The caller waits two seconds here: four are a time-out, after which the effect comes or not.
AFTER_TIMEOUT = {"seconds": 4}
MODES: list[dict[str, Any]] = [
    {"name": "hang_before", **AFTER_TIMEOUT},
    {"name": "hang_after", **AFTER_TIMEOUT},
    {"name": "hang_drop", **AFTER_TIMEOUT},
    {"name": "error_before"},
    {"name": "error_after", "kept": True},
    {"name": "error_after", "kept": False},
    {"name": "reset_before"},
    {"name": "reset_after"},
    {"name": "conflict"},
    {"name": "rate_limit", "retry_after": 1},
    {"name": "drip", "seconds": 0.05},
    {"name": "huge"},
    {"name": "wrong_currency", "currency": "jpy"},
    {"name": "wrong_amount", "amount": 1},
]
DAY = timedelta(hours=25)


@pytest.fixture
def alone(rig: Rig, world: World, web: Web) -> Iterator[None]:
    """Nobody sends or asks but this process, by the product's functions at times of our choice."""
    rig.end_workers()
    yield
    psp = world.psp
    psp.clear_modes()
    psp.clock(0)


class AmbiguousAnswerTest:
    @pytest.mark.fault("F-31 every ambiguous answer")
    @pytest.mark.full
    def test_each_is_paid_once_under_its_first_key(
        self, rig: Rig, world: World, web: Web, beat: Process, report: Report
    ) -> None:
        """Five times the charge's list of refunds is still empty, as after a real outage."""
        rig.worker("pool", concurrency=4)
        psp, account = world.psp, account_of(world.stripe_key)
        returns = [world.received_card() for _ in MODES]
        psp.mode("lookup_empty", times=5)
        for ret, mode in zip(returns, MODES, strict=True):
            psp.mode(**mode, match={"metadata": {"return": str(ret.pk)}})

        assert {world.accept(ret).status for ret in returns} == {200}

        report.fact("s to the end", world.seconds_until_paid(*returns, within=60))
        report.fact("modes", len(MODES))
        rig.end("pool")
        for ret in returns:
            assert len(world.refunded_there(ret)) == 1
            assert {payment.generation for payment in world.payments(ret)} == {1}
        met = {call["mode"] for call in psp.calls("POST") if call["account"] == account}
        assert met >= {mode["name"] for mode in MODES}

    @pytest.mark.fault("F-31 dead key, refund hidden")
    def test_after_the_life_of_its_key_it_is_only_asked_about(
        self, world: World, alone: None, judge: Judge
    ) -> None:
        """Made, the answer lost, the list empty for a day and more: found, never sent again."""
        ret, psp = world.received_card(), world.psp
        payment = unanswered(world, ret, "reset_after")
        psp.clock(DAY.total_seconds())
        psp.mode("lookup_empty", times=3)
        later = clock.now() + DAY

        for number in range(3):
            assert asked_at(payment, later + number * timedelta(minutes=20)) == Status.UNKNOWN
        assert asked_at(payment, later + timedelta(hours=1)) == Status.SUCCEEDED

        assert len(world.refunded_there(ret)) == 1
        assert generation_of(payment) == 1
        assert len([call for call in psp.calls("POST") if is_of(call, payment)]) == 1

    @pytest.mark.fault("F-31 dead key, never made")
    def test_what_never_arrived_is_failed_and_left_to_a_person(
        self, world: World, alone: None
    ) -> None:
        """After a day its key is dead: asked, not sent, and its failure is certain in the end."""
        ret = world.received_card()
        payment = unanswered(world, ret, "reset_before")
        later = clock.now() + DAY
        seen = [asked_at(payment, later + hours * timedelta(hours=1)) for hours in range(6)]

        assert (seen[0], seen[-1]) == (Status.UNKNOWN, Status.FAILED)
        assert world.refunded_there(ret) == []
        assert generation_of(payment) == 1

    @pytest.mark.fault("F-31 alarm at 15 min")
    def test_a_person_is_told_once_after_a_quarter_of_an_hour(
        self, world: World, alone: None, report: Report
    ) -> None:
        ret, psp = world.received_card(), world.psp
        payment = unanswered(world, ret, "reset_after")
        psp.mode("lookup_empty", times=None)
        psp.mode("reset_before", times=None)
        sent = Payment.objects.get(pk=payment.pk).submitted_at
        assert sent is not None

        told = {minutes: alarms_at(payment, sent, minutes) for minutes in (5, 14, 15, 16, 60)}

        assert told == {5: 0, 14: 0, 15: 1, 16: 1, 60: 1}
        report.fact("alarm after min", min(minutes for minutes, count in told.items() if count))
        psp.clear_modes()
        catch_up_with_stripe(clock.now())
        assert asked_at(payment, sent + timedelta(hours=3)) == Status.SUCCEEDED
        assert len(world.refunded_there(ret)) == 1


class AmbiguousAnswerControlTest:
    @pytest.mark.fault("F-31 every ambiguous answer")
    @pytest.mark.full
    def test_without_asking_and_key_it_is_paid_twice(
        self, control: Control, web_worker_beat: None
    ) -> None:
        def too_late(world: World, judge: Judge) -> None:
            ret = world.received_card()
            world.psp.mode("hang_after", **AFTER_TIMEOUT)
            world.accept(ret)
            wait_for("two refunds", lambda: len(world.refunded_there(ret)) > 1 or None)

        control.must_fail(too_late, "asking", "idempotency-key")

    @pytest.mark.fault("F-31 dead key, refund hidden")
    def test_sent_again_after_the_life_of_its_key_it_is_paid_twice(
        self, control: Control, rig: Rig, board: Board
    ) -> None:
        def a_day_later(world: World, judge: Judge) -> None:
            ret, psp = world.received_card(), world.psp
            payment = unanswered(world, ret, "reset_after")
            psp.clock(DAY.total_seconds())
            psp.mode("lookup_empty")
            try:
                asked_at(payment, clock.now() + DAY)
            finally:
                psp.clock(0)

        rig.end_workers()
        control.must_fail(a_day_later, "key-life")


def unanswered(world: World, ret: Return, mode: str) -> Payment:
    """Promised over HTTP and sent once from here; nobody heard what became of it."""
    world.psp.mode(mode)
    assert world.accept(ret).status == 200
    (payment,) = world.payments(ret)
    services.send_payment(payment.pk, clock.now())
    assert world.statuses(ret) == [Status.UNKNOWN]
    return payment


def asked_at(payment: Payment, at: datetime) -> str:
    """Its status after the sweeper took it up then."""
    return services.resolve_payment(payment.pk, at).status


def generation_of(payment: Payment) -> int:
    return Payment.objects.get(pk=payment.pk).generation


def is_of(call: dict[str, Any], payment: Payment) -> bool:
    return bool(call["reference"] == payment.idempotency_key)


def alarms_at(payment: Payment, sent: datetime, minutes: int) -> int:
    """How many were sounded by the end of a sweep so long after it was sent."""
    services.sweep_payments(sent + timedelta(minutes=minutes))
    return (
        Payment.objects.get(pk=payment.pk)
        .timeline.filter(kind=choices.Event.REFUND_UNANSWERED)
        .count()
    )
