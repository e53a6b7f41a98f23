"""F-16: the steps of one return in every order and all at once; the illegal ones are refused."""

import random
from collections.abc import Callable, Sequence
from itertools import permutations

import pytest
from django.db import IntegrityError, OperationalError, connections

from apps.core import clock
from apps.core.errors import DomainError
from apps.core.money import Money
from apps.deliveries import choices as deliveries
from apps.deliveries import services as labels
from apps.deliveries.models import Label
from apps.deliveries.tests.factories import ReturnMethodFactory
from apps.orders import choices as orders
from apps.orders.dtos import MethodChoice
from apps.orders.models import Return
from apps.orders.tests.factories import ReturnFactory
from apps.payments import services as payments
from apps.payments.models import Payment
from faults.client import at_once
from faults.control import Control
from faults.judge import Judge
from faults.processes import Process, Web
from faults.report import Report
from faults.world import World

SEED = 16
Status = orders.Return.Status
LIVE = (deliveries.Label.Status.ASKED, deliveries.Label.Status.READY)
type Step = Callable[[Return], object]


def _read(ret: Return) -> Return:
    return Return.objects.select_related("order").get(pk=ret.pk)


STEPS: dict[str, Step] = {
    "approve": lambda ret: _read(ret).approve(clock.now()),
    "label": lambda ret: labels.prepare_return(ret.pk, clock.now()),
    "receive": lambda ret: _read(ret).receive(clock.now()),
    "accept": lambda ret: _read(ret).accept_all(clock.now()),
    "cancel": lambda ret: _read(ret).cancel(clock.now()),
    "refund": lambda ret: payments.refund_return(ret.pk, clock.now()),
}
ORDERS = list(permutations(STEPS))


class OrdersOfStepsTest:
    @pytest.mark.fault("F-16 every order")
    @pytest.mark.runs(12, 48, 120)
    @pytest.mark.full
    def test_one_after_the_other(
        self, world: World, web: Web, worker: Process, beat: Process, report: Report, runs: int
    ) -> None:
        """As many of the 720 orders as the run has time for, drawn by a seed."""
        labelled = requested(world, owes_fee=False)
        assert all(took(STEPS[name], labelled) for name in ("approve", "label"))
        assert labels.labels_of(labelled).exists()
        drawn = random.Random(SEED).sample(ORDERS, runs)
        print(f"seed {SEED}")
        wrong = []
        for number, order in enumerate(drawn):
            ret = requested(world, owes_fee=number % 3 == 0)
            done = [name for name in order if took(STEPS[name], ret)]
            wrong += [f"{order}, done {done}: {what}" for what in wrongs(ret, done)]

        assert wrong == []
        report.fact("orders", len(drawn))

    @pytest.mark.fault("F-16 all at once")
    @pytest.mark.runs(6, 12, 30)
    @pytest.mark.full
    def test_side_by_side(
        self, world: World, web: Web, worker: Process, beat: Process, report: Report, runs: int
    ) -> None:
        """Each step has a thread of its own and tries three times."""
        ways, wrong = set(), []
        for number in range(runs):
            ret = requested(world, owes_fee=number % 3 == 0)
            raced(ret)
            wrong += [f"{number}: {what}" for what in wrongs(ret)]
            ways.add(_read(ret).status)

        assert wrong == []
        report.fact("ends seen", len(ways))


class OrdersOfStepsControlTest:
    @pytest.mark.fault("F-16 every order")
    @pytest.mark.full
    def test_without_the_rules_there_are_labels_without_their_fee(
        self, control: Control, web_worker_beat: None
    ) -> None:
        def scene(world: World, judge: Judge) -> None:
            ret = requested(world, owes_fee=True)
            for name in ("approve", "label"):
                took(STEPS[name], ret)
            assert wrongs(ret) == []

        control.must_fail(scene, "label-rules")

    @pytest.mark.fault("F-16 all at once")
    @pytest.mark.full
    def test_without_the_lock_it_is_cancelled_and_accepted(
        self, control: Control, web_worker_beat: None
    ) -> None:
        def scene(world: World, judge: Judge) -> None:
            judge.allow(500)
            for _ in range(8):
                ret = requested(world, owes_fee=False)
                try:
                    raced(ret)
                except IntegrityError as error:
                    raise AssertionError("only the database refused it") from error
                assert wrongs(ret) == []

        control.must_fail(scene, "row-lock")


def requested(world: World, *, owes_fee: bool) -> Return:
    """25.00 paid; sending it costs 30.00 where the fee is owed, else 5.00 of what comes back."""
    offered = ReturnMethodFactory.create(store=world.store)
    price = Money(3000 if owes_fee else 500, "EUR")
    method = MethodChoice(code=offered.code, name="Post", kind=offered.type, price=price)
    order = world.order(lines=[{"quantity": 1, "unit_price_minor": 2500}])
    order.store.preferences.fee_over_refund = "collect"
    made: Return = ReturnFactory.create(
        order=order,
        requested=True,
        method=method,
        return_method_id=offered.pk,
        refund_method="store_credit",
    )
    return made


def took(step: Step, ret: Return) -> bool:
    """False where it was refused; anything but a refusal is an error of ours."""
    try:
        step(ret)
    except DomainError:
        return False
    return True


def raced(ret: Return) -> None:
    def tried(name: str) -> bool:
        try:
            tries = [took_or_busy(STEPS[name], ret) for _ in range(3)]
            return any(tries)
        finally:
            connections.close_all()

    at_once(tried, list(STEPS))


def took_or_busy(step: Step, ret: Return) -> bool:
    try:
        return took(step, ret)
    except OperationalError:
        return False


def wrongs(ret: Return, done: Sequence[str] = tuple(STEPS)) -> list[str]:
    """What may never be, whatever came in which order."""
    now = _read(ret)
    made = list(Label.objects.filter(shipment__ret=now))
    live = [label for label in made if label.status in LIVE]
    ready = [label for label in made if label.status == deliveries.Label.Status.READY]
    paid = payments_of(now)
    rules = {
        "more than one live label": len(live) > 1,
        "a label before it was approved": bool(made) and "approve" not in done,
        "a label and its fee is owed": bool(made) and now.net.minor < 0,
        "a good label of a cancelled return": bool(ready) and now.status == Status.CANCELLED,
        "more than one payment": len(paid) > 1,
        "paid and not accepted": bool(paid) and not is_accepted(now),
        "cancelled and received": now.status == Status.CANCELLED and bool(now.received_at),
    }
    return [what for what, is_so in rules.items() if is_so]


def is_accepted(ret: Return) -> bool:
    return ret.status == Status.ACCEPTED


def payments_of(ret: Return) -> list[Payment]:
    return list(Payment.objects.filter(ret_id=ret.pk))
