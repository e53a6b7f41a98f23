"""F-37: webhooks are lost, the subscription goes, orders change while we are down: all is found.

The clock is scaled: a quarter of an hour is three seconds, so that 30 minutes are six.
"""

import time

import pytest

from apps.core import clock
from apps.integrations.connecting import webhook_url
from apps.orders.services.syncing_shops import check_webhooks
from faults.control import Control
from faults.judge import Judge
from faults.report import Report
from faults.rig import Rig
from faults.shops import Shop
from faults.waiting import wait_for
from faults.world import World

QUARTER = 3
FAST = {"FAULTS_CATCH_UP_SECONDS": str(QUARTER)}
# What processes on two busy cores take beside the clock.
NOISE = 10


def start(rig: Rig) -> None:
    for name in [name for name in rig.made if name in ("worker", "beat", "shop-worker")]:
        rig.end(name)
    rig.web()
    rig.worker("catching-worker", 2, **FAST)
    rig.beat("catching-beat", **FAST)


def stop(rig: Rig) -> None:
    for name in [name for name in rig.made if name.startswith("catching")]:
        rig.end(name)


def missed(world: World, orders: int, within: float) -> tuple[Shop, float]:
    """One webhook in twenty is lost, then all are off and we are down while orders change."""
    shop = Shop(world)
    fake, rig = shop.fake, world.rig
    fake.hooks_via(f"127.0.0.1:{rig.web().port}")
    check_webhooks(shop.store, clock.now())
    for number in range(orders):
        if number % 20 == 0:
            fake.mode("hook_lost")
        fake.order(id=f"order-{number}")
    for row in fake.rows("webhooks"):
        fake.play("change_webhook", row["id"], is_active=False, is_gone=True)
    rig.web().kill_group()
    for number in range(0, orders, 4):
        shop.edit(f"order-{number}")
        fake.refund(f"order-{number + 1}", 700)
    fake.order(id="while-we-were-down")
    started = time.monotonic()
    rig.web()
    wait_for("everything to be found", lambda: shop.here() == shop.there(), within)
    return shop, time.monotonic() - started


@pytest.mark.full
class ReconciliationTest:
    @pytest.mark.fault("F-37 what webhooks missed")
    @pytest.mark.runs(20, 60, 400)
    def test_is_found_within_two_quarters_and_done_once(
        self, rig: Rig, world: World, report: Report, runs: int
    ) -> None:
        start(rig)
        try:
            shop, seconds = missed(world, runs, 2 * QUARTER + NOISE)
            self.is_heard_again(shop)
            shop.wait_until_worked()
        finally:
            stop(rig)
        report.fact("s until all is found", seconds)
        assert shop.here() == shop.there()
        assert shop.times("order.imported") == len(shop.there())
        assert sum(refunded for _, refunded in shop.here().values()) == 700 * len(range(0, runs, 4))

    def is_heard_again(self, shop: Shop) -> None:
        """The subscription is back, and what changes then is told by it."""
        url = webhook_url(shop.store)

        def active() -> set[str]:
            rows = [row for row in shop.fake.rows("webhooks") if not row.get("is_gone")]
            return {row["topic"] for row in rows if row["is_active"] and row["url"] == url}

        wait_for("the subscription", active, 4 * QUARTER + NOISE)
        before = len(shop.stored())
        shop.fake.order(id="told-again")
        wait_for("its webhook", lambda: len(shop.stored()) > before, NOISE)


@pytest.mark.full
class ReconciliationControlTest:
    @pytest.mark.fault("F-37 what webhooks missed")
    def test_without_asking_it_is_never_found(self, rig: Rig, control: Control) -> None:
        start(rig)

        def scene(world: World, judge: Judge) -> None:
            missed(world, 8, 2 * QUARTER + NOISE)

        try:
            control.must_fail(scene, "catch-up")
        finally:
            stop(rig)
