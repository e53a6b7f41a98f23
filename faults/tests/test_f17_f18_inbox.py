"""F-17: webhooks come in while nobody works, and too many of them. F-18: one that always fails."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from apps.core import clock
from apps.events.models import InboxMessage
from faults.client import Reply
from faults.control import Control
from faults.judge import Judge
from faults.processes import Process, Web
from faults.report import Report
from faults.rig import Rig
from faults.shops import Shop, ShopEvent
from faults.waiting import wait_for
from faults.world import World

PER_SECOND = 50
LIMIT = 30
# Whole runs are measured on quiet cores.
WHOLE = 3_000
DONE_WITHIN = 120
PARKED_WITHIN = 90


def steadily(shop: Shop, count: int, orders: int) -> list[Reply]:
    """Fifty a second, whatever the answers take, about so many orders in turn."""
    started = time.monotonic()

    def one(number: int) -> Reply:
        time.sleep(max(0, started + number / PER_SECOND - time.monotonic()))
        return shop.deliver(ShopEvent(f"msg_{number}", f"order-{number % orders}"))

    with ThreadPoolExecutor(16) as pool:
        return list(pool.map(one, range(count)))


def with_orders(shop: Shop, orders: int = 20) -> Shop:
    for number in range(orders):
        shop.fake.order(id=f"order-{number}")
    return shop


def while_nobody_works(rig: Rig, shop: Shop, count: int, orders: int) -> tuple[float, float]:
    """Its p99, and how long workers then take; all of both in seconds."""
    answers = steadily(with_orders(shop, orders), count, orders)
    assert {each.status for each in answers} == {202}
    assert len(shop.stored()) == count
    started = time.monotonic()
    rig.worker(concurrency=2)
    rig.beat()
    shop.wait_until_worked(DONE_WITHIN)
    seconds = time.monotonic() - started
    assert shop.here() == shop.there()
    rig.end("worker")
    return sorted(each.seconds for each in answers)[int(0.99 * count)], seconds


def stop_workers(rig: Rig) -> None:
    for name in [name for name in rig.made if "worker" in name or "beat" in name]:
        rig.end(name)


@pytest.mark.full
class StoppedWorkersTest:
    @pytest.mark.fault("F-17 fifty a second")
    @pytest.mark.runs(50, 500, WHOLE)
    def test_nothing_is_lost_and_all_is_done_after_the_start(
        self, rig: Rig, world: World, web: Web, report: Report, runs: int
    ) -> None:
        stop_workers(rig)
        p99, seconds = while_nobody_works(rig, Shop(world), runs, 20)
        report.fact("p99 ms", round(1000 * p99))
        report.fact("s until all are done", seconds)
        assert p99 < (0.5 if runs == WHOLE else 2)

    @pytest.mark.fault("F-17 each about another order")
    @pytest.mark.runs(20, 250, WHOLE)
    def test_every_order_is_new_and_asked_for(
        self, rig: Rig, world: World, web: Web, report: Report, runs: int
    ) -> None:
        """Nothing is spared: each message asks the shop, and makes an order of what it says."""
        stop_workers(rig)
        shop = Shop(world)
        p99, seconds = while_nobody_works(rig, shop, runs, runs)
        report.fact("p99 ms", round(1000 * p99))
        report.fact("s until all are done", seconds)
        report.fact("done a second", runs / seconds)
        assert shop.times("order.imported") == runs
        assert p99 < (0.5 if runs == WHOLE else 2)

    @pytest.mark.fault("F-17 too many wait")
    def test_above_the_limit_senders_are_told_to_come_again(
        self, rig: Rig, world: World, judge: Judge
    ) -> None:
        judge.allow(503)
        flooded(rig, world)
        rig.worker()
        rig.beat()


def flooded(rig: Rig, world: World) -> None:
    """Each process counts once a second: a second later all of them know."""
    stop_workers(rig)
    web = rig.web(FAULTS_INBOX_DEPTH=str(LIMIT))
    shop = with_orders(Shop(world))
    shop.port = web.port
    try:
        taken = [shop.deliver(ShopEvent(f"msg_{n}", "order-0")).status for n in range(LIMIT)]
        time.sleep(1.2)
        told = [shop.deliver(ShopEvent(f"more_{n}", "order-1")) for n in range(10)]
    finally:
        rig.end(web.name)
    assert taken == [202] * LIMIT
    assert [(each.status, each.code) for each in told] == [(503, "inbox_full")] * 10
    assert {each.headers["retry-after"] for each in told} == {"30"}
    assert len(shop.stored()) == LIMIT


def poisoned(shop: Shop, others: int) -> float:
    """Seconds until all others were done; the poison is parked then or later."""
    shop.deliver(ShopEvent("poison", "never-there"))
    started = time.monotonic()
    for number in range(others):
        shop.deliver(ShopEvent(f"msg_{number}", f"order-{number % 20}"))
    rest = InboxMessage.objects.filter(account=str(shop.store.pk)).exclude(event_id="poison")
    wait_for("the others", lambda: not rest.exclude(status="done").exists(), 60)
    seconds = time.monotonic() - started
    wait_for("the poison to be parked", lambda: poison().status == "parked", PARKED_WITHIN)
    return seconds


def poison() -> InboxMessage:
    return InboxMessage.objects.get(event_id="poison")


@pytest.mark.full
class PoisonTest:
    @pytest.mark.fault("F-18 one poison")
    @pytest.mark.runs(20, 100, 1_000)
    def test_the_others_are_done_and_it_is_replayed_once_mended(
        self, world: World, web: Web, worker: Process, beat: Process, report: Report, runs: int
    ) -> None:
        shop = with_orders(Shop(world))
        seconds = poisoned(shop, runs - 1)

        assert poison().attempts == 10
        assert f"parked after 10 attempts: {poison().pk}" in worker.said()
        shop.fake.order(id="never-there")
        assert poison().replay(clock.now())
        shop.wait_until_worked()
        assert shop.here() == shop.there()
        report.fact("s until the others are done", seconds)


@pytest.mark.full
class InboxControlTest:
    @pytest.mark.fault("F-17 too many wait")
    def test_without_the_limit_all_are_taken(self, rig: Rig, control: Control) -> None:
        control.must_fail(lambda world, judge: flooded(rig, world), "depth")

    @pytest.mark.fault("F-18 one poison")
    def test_without_parking_it_is_tried_for_ever(
        self, web_worker_beat: None, control: Control
    ) -> None:
        def scene(world: World, judge: Judge) -> None:
            poisoned(with_orders(Shop(world)), 5)

        control.must_fail(scene, "parking")
