"""F-04: one home asks for instant refunds at ten shops at once, and may have three of them."""

from collections import Counter

import pytest

from apps.orders.models import Advance
from apps.underwriting.models import Exposure
from apps.underwriting.services import exposure
from faults.client import at_once, patiently
from faults.control import Control
from faults.instant import order_at, pay_at_once, quoted, shop
from faults.judge import Judge
from faults.processes import Process, Web
from faults.report import Report
from faults.world import World

STORES, CALLS, MOST = 10, 100, 3


def take_at_once(world: World, calls: int) -> Counter[int]:
    pay_at_once(most_at_an_address=MOST)
    stores = [shop() for _ in range(STORES)]
    takes = [quoted(world, order_at(stores[each % STORES])) for each in range(calls)]
    answers = at_once(patiently, takes, threads=calls)
    refused = {answer.code for answer in answers if answer.status == 409}
    assert refused <= {"exposure_cap_reached"}, refused
    return Counter(answer.status for answer in answers)


def counted_wrong() -> list[str]:
    found = [f"exposure: {each}" for each in exposure.differences()]
    homes = Exposure.objects.filter(scope="address")
    granted = Advance.objects.count()
    wrong = [f"{home.slot}: {home.open_count} open" for home in homes if home.open_count != MOST]
    return [*found, *wrong, *([f"{granted} advances"] if granted != MOST else [])]


@pytest.mark.full
class ExposureTest:
    @pytest.mark.fault("F-04 exposure")
    def test_three_of_a_hundred_are_granted(
        self, world: World, web: Web, worker: Process, beat: Process, judge: Judge, report: Report
    ) -> None:
        judge.allow(503)
        judge.also(counted_wrong)
        statuses = take_at_once(world, CALLS)

        assert statuses == {201: MOST, 409: CALLS - MOST}
        report.fact("granted", statuses[201])

    @pytest.mark.fault("F-04 exposure")
    def test_without_the_lock_more_are_granted(
        self, control: Control, web_worker_beat: None
    ) -> None:
        def scene(world: World, judge: Judge) -> None:
            judge.allow(500, 503)
            judge.also(counted_wrong)
            take_at_once(world, 40)

        control.must_fail(scene, "row-lock")
