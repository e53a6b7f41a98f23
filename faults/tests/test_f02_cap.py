"""F-02: many refunds of the same goods and of the same money at once, under keys of their own."""

from collections import Counter

import pytest

from apps.payments.models import Payment
from faults.client import Reply, at_once, patiently
from faults.control import Control
from faults.desk import desk_of
from faults.judge import Judge
from faults.processes import Process, Web
from faults.report import Report
from faults.world import World, new_key

CALLS = 200


def accept_at_once(world: World, calls: int) -> Counter[int]:
    ret = world.received_card()
    answers = at_once(world.accepting(ret), [new_key() for _ in range(calls)])
    world.seconds_until_paid(ret)
    assert len(world.payments(ret)) == 1
    return Counter(answer.status for answer in answers)


def one_euro_each(world: World, calls: int) -> Counter[int]:
    """Written down by hand against an order of 60.00, each under a reference of its own."""
    order = world.order(lines=[{"quantity": 1, "unit_price_minor": 6000}])
    ret = world.received(order)
    desk = desk_of(world)

    path, tender = f"/v1/returns/{ret.pk}/manual-refund", str(order.tenders.get().pk)

    def refund(number: int) -> Reply:
        body = {
            "reference": f"drawer-{number}",
            "amount": {"amount": "1.00", "currency": "EUR"},
            "payment": tender,
        }
        key = new_key()
        return patiently(lambda: desk.post(path, body, key=key))

    answers = at_once(refund, list(range(calls)))
    made = Payment.objects.filter(order=order)
    assert sum(each.amount.minor for each in made) <= 6000
    return Counter(answer.status for answer in answers)


@pytest.mark.full
class CapTest:
    @pytest.mark.fault("F-02 same lines")
    def test_two_hundred_decisions_pay_the_lines_once(
        self, world: World, web: Web, worker: Process, beat: Process, report: Report
    ) -> None:
        statuses = accept_at_once(world, CALLS)

        assert statuses == {200: 1, 409: CALLS - 1}

    @pytest.mark.fault("F-02 cap of 60.00")
    def test_two_hundred_single_euros_stop_at_sixty(
        self, world: World, web: Web, beat: Process, judge: Judge, report: Report
    ) -> None:
        judge.allow(503)
        statuses = one_euro_each(world, CALLS)

        assert statuses == {201: 60, 409: 140}
        report.fact("paid", statuses[201])


@pytest.mark.full
class CapControlTest:
    @pytest.mark.fault("F-02 same lines")
    def test_without_the_lock_the_lines_are_decided_twice(
        self, control: Control, web_worker_beat: None
    ) -> None:
        def scene(world: World, judge: Judge) -> None:
            judge.allow(500, 503)
            assert accept_at_once(world, 40)[200] == 1

        control.must_fail(scene, "row-lock")

    @pytest.mark.fault("F-02 cap of 60.00")
    def test_without_the_lock_the_count_is_wrong(
        self, control: Control, web_worker_beat: None
    ) -> None:
        def scene(world: World, judge: Judge) -> None:
            judge.allow(500, 503)
            assert one_euro_each(world, 90) == {201: 60, 409: 30}

        control.must_fail(scene, "row-lock")
