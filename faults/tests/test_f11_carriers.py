"""F-11: a carrier's scans five times each, shuffled, a day late, before the label, of strangers."""

import json
import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

import pytest
from django.db.models import QuerySet

from apps.core import clock
from apps.deliveries import services as deliveries
from apps.deliveries import tasks
from apps.deliveries.models import Label, Shipment
from apps.events.models import Event as Told
from apps.events.models import InboxMessage
from fakes.carrier.control import Carrier
from faults.client import Reply, at_once
from faults.control import Control
from faults.judge import Judge, unfinished
from faults.processes import Process, Web
from faults.report import Report
from faults.rig import Rig
from faults.shippers import Shipper
from faults.waiting import wait_for
from faults.world import World

SEED, DAY = 11, timedelta(days=1)
# Several workers, so that scans of one parcel are read side by side.
WORKER = "scan-worker"
# How long the carrier takes to answer a purchase that it has made; we wait for two.
SLOW = 1.5
FIRST, TIMES = 3, 5
# One scan an hour; what becomes of shipment and return is written by hand.
LIVES = (
    (("pre_transit", "in_transit", "out_for_delivery", "delivered"), ("delivered", "accepted")),
    (("in_transit", "failure", "out_for_delivery", "delivered"), ("delivered", "accepted")),
    (
        ("pre_transit", "in_transit", "out_for_delivery", "return_to_sender"),
        ("returned_to_sender", "shipped"),
    ),
    (("in_transit", "available_for_pickup", "failure"), ("exception", "shipped")),
)
ONCE = ("shipment.delivered", "return.shipped", "return.received", "return.accepted")
type Scan = dict[str, Any]


@dataclass(slots=True)
class Travel:
    """A parcel's way: one event for each scan, which tells of no other."""

    ret: UUID
    life: int
    began: datetime
    events: list[Scan] = field(default_factory=list)

    @property
    def scans(self) -> tuple[str, ...]:
        return LIVES[self.life][0]

    def end(self) -> dict[str, object]:
        """What the scans made of it, in hours since it began."""
        shipment = Shipment.objects.select_related("ret").get(ret_id=self.ret)
        ret = shipment.ret
        told = Told.objects.filter(subject_id__in=(ret.pk, shipment.pk), kind__in=ONCE)
        times = {
            "shipped": shipment.shipped_at,
            "delivered": shipment.delivered_at,
            "newest": shipment.last_event_at,
            "return shipped": ret.shipped_at,
            "received": ret.received_at,
            "scanned": ret.scanned_at,
            "landed": ret.landed_at,
        }
        return {
            "statuses": (shipment.status, ret.status),
            "scans": sorted(shipment.events.values_list("raw_code", flat=True)),
            "effects": sorted(told.values_list("kind", flat=True)),
            "paid": sorted(ret.payments.values_list("status", flat=True)),
            **{name: at and (at - self.began) / timedelta(hours=1) for name, at in times.items()},
        }


@dataclass(slots=True)
class Story:
    world: World
    parcels: int
    chance: random.Random = field(default_factory=lambda: random.Random(SEED))
    told: list[Scan] = field(default_factory=list)
    carrier: Carrier = field(init=False)
    shipper: Shipper = field(init=False)
    port: int = field(init=False)

    def __post_init__(self) -> None:
        self.carrier = self.world.rig.carrier()
        self.carrier.clear_modes()
        self.shipper = Shipper(self.world.store)
        self.world.store.preferences.auto_accept_on_receipt = True
        self.world.store.preferences.save()
        self.port = self.world.rig.web().port

    def travels(self, parcels: int) -> list[Travel]:
        """One in ten left a day before the others."""
        hour = clock.now().replace(minute=0, second=0, microsecond=0) - DAY
        made = self.shipper.returns(parcels, refund_method="store_credit")
        return [
            Travel(ret, number % len(LIVES), hour - DAY * (self.chance.random() < 0.1))
            for number, ret in enumerate(made)
        ]

    def scan(self, travel: Travel, code: str) -> None:
        """The whole way, as the carrier tells it."""
        for number, status in enumerate(travel.scans, 1):
            at = (travel.began + timedelta(hours=number)).timestamp()
            event = self.carrier.scan(code, status, at=at)
            newest = event["result"]["tracking_details"][-1]
            travel.events.append(
                {**event, "result": {**event["result"], "tracking_details": [newest]}}
            )
        self.told += travel.events

    def label(self, travel: Travel) -> None:
        self.wait_for_labels()
        deliveries.prepare_return(travel.ret, clock.now())
        self.scan(travel, Label.objects.get(shipment__ret_id=travel.ret).tracking_number)

    def tell_too_early(self, travel: Travel) -> Reply:
        """The label is bought, and scanned, before the carrier answers us."""
        self.wait_for_labels()
        match = {"path": "/v2/shipments/shp", "metadata": {"api_key": self.shipper.key}}
        self.carrier.mode("hang_after", seconds=SLOW, match=match)
        tasks.prepare_return.delay(str(travel.ret))
        (bought,) = wait_for("the label to be bought", lambda: self.bought_for(travel))
        self.scan(travel, bought["body"]["tracking_code"])
        first = travel.events[0]
        answer = self.deliver([first], 1)
        rows = InboxMessage.objects.filter(body=json.dumps(first).encode())
        wait_for("its first reading", lambda: rows.exclude(attempts=0).exists())
        return answer[0]

    def wait_for_labels(self) -> None:
        """An account has two calls at once: those that the carrier holds back take the places."""
        asked = Label.objects.filter(shipment__account=self.shipper.account, status="asked")
        wait_for("the labels asked for", lambda: not asked.exists())

    def bought_for(self, travel: Travel) -> list[Any]:
        label = Label.objects.filter(shipment__ret_id=travel.ret).first()
        return self.carrier.labels(label.reference) if label else []

    def strangers(self, events: list[Scan]) -> list[Scan]:
        """The merchant ships orders from the same account."""
        made = [
            {
                **event,
                "id": f"{event['id']}_other",
                "result": {**event["result"], "shipment_id": "shp_other", "tracking_code": "OTHER"},
            }
            for event in events
        ]
        self.told += made
        return made

    def deliver(self, events: list[Scan], times: int) -> list[Reply]:
        sent = events * times
        self.chance.shuffle(sent)
        return at_once(lambda event: self.shipper.deliver(event, self.port), sent, threads=8)

    def play(self) -> tuple[list[Travel], list[Reply]]:
        """A half of the scans, whichever they are, comes three times, and the others later."""
        travels = self.travels(self.parcels)
        early, later = travels[::10], [each for n, each in enumerate(travels) if n % 10]
        answers = [self.tell_too_early(travel) for travel in early]
        for travel in later:
            self.label(travel)
        scans = [event for travel in later for event in travel.events]
        scans += self.strangers(scans[::3])
        self.chance.shuffle(scans)
        half = len(scans) // 2
        answers += self.deliver(scans[:half], FIRST)
        rest = scans[:half] * (TIMES - FIRST) + scans[half:] * TIMES
        for travel in early:
            rest += travel.events[:1] * (TIMES - 1) + travel.events[1:] * TIMES
        answers += self.deliver(rest, 1)
        self.wait_until_worked()
        return travels, answers

    @property
    def stored(self) -> QuerySet[InboxMessage]:
        return InboxMessage.objects.filter(account=str(self.shipper.account.pk))

    def wait_until_worked(self) -> None:
        waiting = self.stored.filter(status="waiting")
        wait_for("the inbox", lambda: not waiting.exists(), 120)
        wait_for("the refunds", lambda: not list(unfinished()), 30)

    def is_once_each(self) -> bool:
        """Stored and worked once, none put aside."""
        done = self.stored.filter(status="done")
        stored = sorted(done.values_list("event_id", flat=True))
        return stored == sorted(event["id"] for event in self.told)

    def ends_in_order(self) -> list[dict[str, object]]:
        """Of one parcel of each life: each scan once, the oldest first."""
        models = self.travels(len(LIVES))
        told, self.told = self.told, []
        for travel in models:
            self.label(travel)
            for event in travel.events:
                body, at = json.dumps(event).encode(), clock.now()
                deliveries.hear_carrier("easypost", self.shipper.account.pk, body, at)
        self.told = told
        self.wait_until_worked()
        return [travel.end() for travel in models]


def differences(story: Story, travels: list[Travel]) -> list[str]:
    wanted = story.ends_in_order()
    assert [each["statuses"] for each in wanted] == [end for _, end in LIVES]
    return [
        f"{name} of {travel.ret} is {found}, in order {wanted[travel.life][name]}"
        for travel in travels
        for name, found in travel.end().items()
        if found != wanted[travel.life][name]
    ]


@pytest.mark.full
class CarrierWebhooksTest:
    @pytest.mark.fault("F-11 webhooks of a carrier")
    @pytest.mark.runs(10, 20, 200)
    def test_the_end_is_that_of_scans_in_order(
        self, rig: Rig, world: World, web: Web, beat: Process, report: Report, runs: int
    ) -> None:
        """200 parcels make a thousand events, each delivered five times."""
        print(f"seed {SEED}")
        rig.worker(WORKER, concurrency=4)
        story = Story(world, runs)
        travels, answers = story.play()

        assert {answer.status for answer in answers} == {202}
        assert len(answers) == TIMES * len(story.told)
        assert story.is_once_each()
        assert differences(story, travels) == []
        report.fact("events", len(story.told))
        report.fact("deliveries", len(answers))
        report.fact("read before their label", story.stored.filter(attempts__gt=1).count())
        report.fact("p95 s", sorted(each.seconds for each in answers)[int(0.95 * len(answers))])


@pytest.mark.full
class CarrierWebhooksControlTest:
    @pytest.fixture(autouse=True)
    def _processes(self, rig: Rig) -> None:
        rig.web()
        rig.beat()
        rig.worker(WORKER, concurrency=4)

    @pytest.mark.fault("F-11 webhooks of a carrier")
    @pytest.mark.parametrize("protection", ["inbox-once", "scan-order", "label-awaited"])
    def test_without_its_protections_it_ends_otherwise(
        self, control: Control, protection: str
    ) -> None:
        seeds = count(SEED)

        def scene(world: World, judge: Judge) -> None:
            story = Story(world, 5, random.Random(next(seeds)))
            travels, _ = story.play()
            assert story.is_once_each()
            assert differences(story, travels) == []

        control.must_fail(scene, protection)
