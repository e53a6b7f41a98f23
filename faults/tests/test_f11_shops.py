"""F-11: a shop's webhooks five times each, shuffled, late, before their order or an answer."""

import random
import time
from dataclasses import dataclass, field

import pytest

from faults.client import Reply, at_once
from faults.control import Control
from faults.judge import Judge
from faults.processes import Process, Web
from faults.report import Report
from faults.rig import Rig
from faults.shops import TYPES, Shop, ShopEvent
from faults.waiting import wait_for
from faults.world import World

SEED, DAY = 11, 86_400
# Several workers, so that what is read slowly is overtaken.
WORKER = "shop-worker"
# Seconds between two bytes of an answer: a whole order takes some three seconds.
DRIP = 0.002


@dataclass(slots=True)
class Story:
    """Each order is made, sent, refunded in part and edited; every fifth is told of too early."""

    shop: Shop
    count: int
    chance: random.Random = field(default_factory=lambda: random.Random(SEED))
    told: list[ShopEvent] = field(default_factory=list)

    @property
    def orders(self) -> list[str]:
        return [f"order-{number}" for number in range(self.count)]

    def tell(self, kind: str, orders: list[str]) -> list[ShopEvent]:
        """One in ten is a day old."""
        made = [
            ShopEvent(
                f"msg_{len(self.told) + number}", order, kind, DAY * (self.chance.random() < 0.1)
            )
            for number, order in enumerate(orders)
        ]
        self.told += made
        return made

    def deliver(self, events: list[ShopEvent], times: int) -> list[Reply]:
        deliveries = events * times
        self.chance.shuffle(deliveries)
        return at_once(self.shop.deliver, deliveries, threads=8)

    def play(self) -> list[Reply]:
        """Three of each while the shop changes, two more when all has happened."""
        fake, late = self.shop.fake, self.orders[::5]
        early = self.tell(TYPES[0], self.orders)
        answers = []
        for order in self.orders:
            if order not in late:
                fake.order(id=order)
        answers += self.deliver(early, 3)
        for order in late:
            fake.order(id=order)
        for order in self.orders:
            fake.fulfil(order)
            fake.refund(order, 700)
        later = self.tell(TYPES[1], self.orders) + self.tell(TYPES[2], self.orders)
        answers += self.deliver(early + later, 1) + self.deliver(later, 2)
        for order in self.orders[::2]:
            self.shop.edit(order)
        edits = self.tell(TYPES[0], self.orders[::2])
        answers += self.deliver(edits * 5 + later * 2 + early, 1)
        self.shop.wait_until_worked()
        return answers

    def is_once_each(self) -> bool:
        """Stored and worked once, none put aside."""
        stored = sorted(row.event_id for row in self.shop.stored())
        return stored == sorted(event.id for event in self.told)


def overtaken(shop: Shop) -> None:
    """One order is read slowly, changed meanwhile, and read again before that answer is whole."""
    shop.fake.order(id="slow")
    shop.deliver(ShopEvent("msg_made", "slow"))
    shop.wait_until_worked()
    shop.fake.mode("drip", seconds=DRIP, operation="order.get")
    shop.deliver(ShopEvent("msg_slow", "slow"))
    wait_for(
        "the slow reading to begin",
        lambda: any(call["mode"] == "drip" for call in shop.fake.calls()),
    )
    shop.edit("slow", tags=["edited"])
    shop.deliver(ShopEvent("msg_quick", "slow"))
    wait_for("the quick reading", lambda: shop.here() == shop.there(), 10)
    shop.wait_until_worked()
    time.sleep(20 * DRIP)
    assert shop.here() == shop.there()


@pytest.mark.full
class ShopWebhooksTest:
    @pytest.fixture(autouse=True)
    def _worker(self, rig: Rig, world: World, web: Web, beat: Process) -> None:
        rig.worker(WORKER, concurrency=4)

    @pytest.mark.fault("F-11 webhooks of a shop")
    @pytest.mark.runs(10, 20, 280)
    def test_the_end_is_that_of_events_in_order(
        self, world: World, report: Report, runs: int
    ) -> None:
        """280 orders make 980 events, each delivered five times."""
        print(f"seed {SEED}")
        story = Story(Shop(world), runs)
        answers = story.play()

        assert {answer.status for answer in answers} == {202}
        assert len(answers) == 5 * len(story.told)
        assert story.shop.here() == story.shop.there()
        assert story.shop.times("order.imported") == runs
        assert story.is_once_each()
        report.fact("events", len(story.told))
        report.fact("deliveries", len(answers))
        report.fact("p95 s", sorted(each.seconds for each in answers)[int(0.95 * len(answers))])

    @pytest.mark.fault("F-11 a reading is overtaken")
    def test_a_slow_answer_does_not_bring_the_old_order_back(self, world: World) -> None:
        overtaken(Shop(world))


@pytest.mark.full
class ShopWebhooksControlTest:
    @pytest.fixture(autouse=True)
    def _processes(self, rig: Rig) -> None:
        rig.web()
        rig.beat()
        rig.worker(WORKER, concurrency=4)

    @pytest.mark.fault("F-11 webhooks of a shop")
    def test_without_the_unique_id_each_comes_five_times(self, control: Control) -> None:
        def scene(world: World, judge: Judge) -> None:
            story = Story(Shop(world), 5)
            story.play()
            assert story.is_once_each()

        control.must_fail(scene, "inbox-once")

    @pytest.mark.fault("F-11 a reading is overtaken")
    def test_without_versions_the_old_order_comes_back(self, control: Control) -> None:
        control.must_fail(lambda world, judge: overtaken(Shop(world)), "order-version")
