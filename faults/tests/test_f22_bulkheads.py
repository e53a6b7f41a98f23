"""F-22: the carrier of one merchant hangs; who ships with another account does not notice."""

import statistics
import time
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest

from apps.accounts.tests.factories import StoreFactory
from apps.deliveries import tasks
from apps.deliveries.models import Label
from apps.deliveries.providers.base import ProviderUnavailable
from apps.deliveries.providers.easypost.provider import Provider
from fakes.carrier.control import Carrier
from fakes.psp.desk import account_of
from faults.control import Control
from faults.judge import Judge
from faults.report import Report
from faults.rig import Rig
from faults.shippers import Shipper
from faults.waiting import wait_for
from faults.world import World

# Labels of the one, and how many of the other are asked for beside each.
LABELS, BESIDE = 8, 4
WORKER = "carriers"
# Of settings.faults: how long a call may take, and how long the peer is left alone.
READ, PAUSE = 2, 3
# Two cores are never quiet: what a label takes there differs by this much from one to the next.
NOISE = 0.5


def seconds_to_label(ret: UUID) -> float:
    """From the task to the label in storage."""
    started = time.monotonic()
    tasks.prepare_return.delay(str(ret))
    wait_for("a label", lambda: has_label(ret), 20)
    return time.monotonic() - started


def seconds_to_refusal(shipper: Shipper) -> float:
    client = Provider({"api_key": shipper.key}, str(shipper.account.pk)).client
    started = time.monotonic()
    with pytest.raises(ProviderUnavailable):
        client.find("nothing")
    return time.monotonic() - started


def has_label(ret: UUID) -> bool:
    return Label.objects.filter(shipment__ret_id=ret, status="ready").exists()


@dataclass(slots=True)
class Scene:
    carrier: Carrier
    hung: Shipper
    other: Shipper
    calm: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)
    started: float = 0

    def play(self) -> None:
        """Labels of one merchant while another asks for more of them: their carrier answers first,
        and then hangs. The first calls may take every worker for one time-out, and none after."""
        self.together(1)
        self.calm = self.together(LABELS)
        self.hang()
        self.busy = self.together(LABELS)
        usual, now = statistics.median(self.calm), statistics.median(self.busy)
        assert now <= 1.2 * usual + NOISE, (self.calm, self.busy)
        assert max(self.busy) <= max(self.calm) + READ + NOISE, (self.calm, self.busy)

    def together(self, labels: int) -> list[float]:
        mine, theirs = self.other.returns(labels), iter(self.hung.returns(BESIDE * labels))
        seconds = []
        for ret in mine:
            for _ in range(BESIDE):
                # Its last try: what waits for another would come again here after five seconds.
                last: dict[str, Any] = {"retries": tasks.prepare_return.max_retries}
                tasks.prepare_return.apply_async((str(next(theirs)),), **last)
            seconds.append(seconds_to_label(ret))
        return seconds

    def hang(self) -> None:
        self.started = time.monotonic()
        for method in ("GET", "POST"):
            match = {"method": method, "metadata": {"api_key": self.hung.key}}
            self.carrier.mode("hang_drop", times=None, seconds=30, match=match)

    def calls_in_vain(self) -> int:
        mine = account_of(self.hung.key)
        hung = (call for call in self.carrier.calls() if call["mode"] == "hang_drop")
        return len([call for call in hung if call["account"] == mine])


def scene_of(world: World) -> Scene:
    carrier = world.rig.carrier()
    carrier.clear_modes()
    world.rig.worker(WORKER, concurrency=3)
    return Scene(carrier, Shipper(world.store), Shipper(StoreFactory.create()))


@pytest.mark.full
class BulkheadTest:
    @pytest.mark.fault("F-22 a carrier hangs")
    def test_only_who_ships_with_it_waits(self, rig: Rig, world: World, report: Report) -> None:
        scene = scene_of(world)
        try:
            scene.play()
            refusals = [seconds_to_refusal(scene.hung) for _ in range(5)]
            waited = time.monotonic() - scene.started
            calls = scene.calls_in_vain()
            scene.carrier.clear_modes()
            back = self.seconds_to_come_back(scene)
        finally:
            scene.carrier.clear_modes()
            rig.end(WORKER)
        for name, seconds in (("well", scene.calm), ("hanging", scene.busy)):
            report.fact(f"median ms beside a {name} one", round(1000 * statistics.median(seconds)))
            report.fact(f"worst ms beside a {name} one", round(1000 * max(seconds)))
        report.fact("calls in vain", calls)
        report.fact("ms to a refusal", round(1000 * statistics.median(refusals), 1))
        report.fact("s to come back", round(back, 1))
        # Five, one more that was under way, and one in each pause.
        assert calls <= 6 + waited // PAUSE + 1
        assert statistics.median(refusals) < 0.05
        assert back < PAUSE + READ + 5

    def seconds_to_come_back(self, scene: Scene) -> float:
        (ret,) = scene.hung.returns(1)
        started = time.monotonic()

        def is_back() -> bool:
            tasks.prepare_return.delay(str(ret))
            time.sleep(0.5)
            return has_label(ret)

        wait_for("the carrier to be asked again", is_back, 30)
        return time.monotonic() - started


@pytest.mark.full
class BulkheadControlTest:
    @pytest.mark.fault("F-22 a carrier hangs")
    def test_without_circuits_everybody_waits(self, rig: Rig, control: Control) -> None:
        def hanging(world: World, judge: Judge) -> None:
            scene = scene_of(world)
            try:
                scene.play()
            finally:
                scene.carrier.clear_modes()
                rig.end(WORKER)

        control.must_fail(hanging, "circuit")
