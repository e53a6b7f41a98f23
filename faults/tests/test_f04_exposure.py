"""F-04: one home asks for instant refunds at ten shops at once, and may have three of them."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from apps.accounts.tests.factories import StoreFactory
from apps.api import choices
from apps.api.models import PortalSession
from apps.core import clock
from apps.deliveries.tests.factories import ReturnMethodFactory
from apps.orders.models import Advance, Order
from apps.orders.modules.advances.consent import VERSION
from apps.orders.tests.factories import OrderFactory
from apps.underwriting.models import Exposure
from apps.underwriting.modules.defaults import BUILT_IN
from apps.underwriting.modules.terms import terms_json
from apps.underwriting.services import exposure
from apps.underwriting.tests.factories import UnderwritingPolicyFactory
from faults.client import Client, Reply, at_once, patiently
from faults.control import Control
from faults.judge import Judge
from faults.processes import Process, Web
from faults.report import Report
from faults.world import World, new_key

STORES, CALLS, MOST = 10, 100, 3
LINE = {"unit_price_minor": 4000, "quantity": 1}


def three_of_a_home() -> None:
    """Everybody is paid at once; no more than three advances are open at one address."""
    terms = terms_json(BUILT_IN)
    terms["steps"] = [{"up_to": 1000, "rung": "pay_now", "percent": 100}]
    for sums in terms["sums"].values():
        sums["caps"]["address"] = {"amount": "100000", "count": MOST}
    UnderwritingPolicyFactory.create(published=True, terms=terms)


def shop() -> Any:
    store = StoreFactory.create(
        merchant__instant=True,
        merchant__exposure_cap_minor=100_000_000,
        preferences__refund_methods=["original", "store_credit"],
    )
    ReturnMethodFactory.create(
        store=store, code="shop", merchant_label=True, price__price_minor=495
    )
    return store


def shopper_of(world: World, order: Order) -> Client:
    _, token = PortalSession.open(order, choices.PortalSession.Level.PROVED, clock.now())
    headers = {"Authorization": f"Bearer {token}"}
    return Client(world.rig.web().port, "returns-api", headers)


def quoted(world: World, order: Order) -> Callable[[], Reply]:
    """The offer is there; what it returns takes it."""
    shopper, path = shopper_of(world, order), f"/v1/stores/{order.store.slug}"
    line = order.lines.get()
    wanted = {"units": [{"line": str(line.pk), "quantity": 1}], "method": "shop"}
    quote = shopper.post(f"{path}/quotes", wanted)
    assert quote.status == 201, quote.body
    offers = {each["method"]: each["instant"] for each in quote.body["options"]}
    assert offers["store_credit"]["is_offered"], offers
    body = {
        "quote": quote.body["id"],
        "refund_method": "store_credit",
        "instant": True,
        "consent_version": VERSION,
    }
    key = new_key()
    return lambda: shopper.post(f"{path}/returns", body, key=key)


def take_at_once(world: World, calls: int) -> Counter[int]:
    three_of_a_home()
    stores = [shop() for _ in range(STORES)]
    places = (stores[each % STORES] for each in range(calls))
    orders = [OrderFactory.create(store=store, lines=[LINE]) for store in places]
    takes = [quoted(world, order) for order in orders]
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
