"""F-40: faults drawn by a seed, one every twenty seconds, over a load of random returns."""

import random
import time

import pytest

from apps.orders.models import Return
from faults.board import Board
from faults.chaos import Chaos
from faults.client import NO_ANSWER
from faults.control import Control
from faults.judge import Judge
from faults.load import Load
from faults.processes import Process, Web
from faults.report import Report
from faults.rig import Rig
from faults.world import World

EVERY = 20.0
HOUR = 60
RETURNS_A_MINUTE = 40
# Three callers go on to the end: 40 a minute would be asked for every 4.5 s, with no fault at all.
PAUSE = 3.0
QUIET_WITHIN = 120.0


class ChaosTest:
    @pytest.mark.fault("F-40 chaos")
    @pytest.mark.full
    def test_nothing_is_lost_and_nothing_is_paid_twice(
        self,
        rig: Rig,
        world: World,
        web: Web,
        worker: Process,
        beat: Process,
        board: Board,
        judge: Judge,
        report: Report,
        pytestconfig: pytest.Config,
    ) -> None:
        minutes = HOUR if pytestconfig.getoption("--hour") else asked(pytestconfig)
        seed = int(pytestconfig.getoption("--seed"))
        judge.allow(503)
        judge.within = QUIET_WITHIN
        chaos = Chaos(rig, world, board, seed)
        load = Load(world, drawn(world, seed, round(minutes * RETURNS_A_MINUTE)), pause=PAUSE)
        try:
            break_things(chaos, load, minutes)
        finally:
            print(f"seed {seed}: {', '.join(chaos.told)}")

        assert load.statuses() <= {200, 503, NO_ANSWER}
        world.seconds_until_paid(*load.returns, within=QUIET_WITHIN)
        cards = [ret for ret in load.returns if ret.refund_method == "original"]
        assert {len(world.refunded_there(ret)) for ret in cards} <= {1}
        report.fact("minutes", minutes)
        report.fact("seed", seed)
        report.fact("faults", len(chaos.told))
        report.fact("returns", len(load.returns))
        report.fact("answers", len(load.answers))


class ChaosControlTest:
    @pytest.mark.fault("F-40 chaos")
    @pytest.mark.full
    def test_without_the_sweeper_something_is_lost(
        self, control: Control, rig: Rig, board: Board, web_worker_beat: None
    ) -> None:
        def scene(world: World, judge: Judge) -> None:
            judge.allow(503)
            chaos = Chaos(rig, world, board, seed=1)
            load = Load(world, drawn(world, 1, 15), pause=0.2)
            board.arm("K5", 2)
            with load.running():
                for fault in ("a worker is killed", "Valkey forgets all", "a worker is killed"):
                    chaos.faults[fault]()
                    chaos.mend()
                load.finish(within=60)

        control.must_fail(scene, "sweeper", within=15)


def asked(config: pytest.Config) -> float:
    return float(config.getoption("--chaos-minutes"))


def break_things(chaos: Chaos, load: Load, minutes: float) -> None:
    """One fault every twenty seconds, then all is mended and every call is answered in the end."""
    with load.running():
        until = time.monotonic() + 60 * minutes
        while (started := time.monotonic()) < until:
            chaos.strike()
            time.sleep(max(0, min(started + EVERY, until) - time.monotonic()))
        stop_breaking(chaos)
        load.finish(within=QUIET_WITHIN)


def drawn(world: World, seed: int, count: int) -> list[Return]:
    """Every other one by card, the others as store credit."""
    chance = random.Random(seed)
    return [
        world.received_card() if chance.random() < 0.5 else world.received() for _ in range(count)
    ]


def stop_breaking(chaos: Chaos) -> None:
    chaos.board.clear()
    chaos.world.psp.clear_modes()
    chaos.mend()
