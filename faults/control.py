"""A race or crash test is worth something only if its twin without the protection is condemned."""

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
from django.db import IntegrityError

from faults.judge import Judge
from faults.report import Report
from faults.rig import Rig
from faults.world import World

MOST_RUNS = 20
WITHIN = 6.0

type Scene = Callable[[World, Judge], None]


@dataclass(frozen=True, slots=True)
class Control:
    """Runs the same scene without a protection until the judge complains, at most 20 times.

    With `count`, so many times whatever it says; one that was found stops after `seconds`.
    """

    rig: Rig
    report: Report
    fresh: Callable[[], World]
    count: int = 0
    seconds: float = 0

    def must_fail(self, scene: Scene, *without: str, within: float = WITHIN) -> None:
        """`without`: names of faults/sabotage.py."""
        failed, ran, said = 0, 0, ""
        until = time.monotonic() + self.seconds
        for _ in range(self.count or MOST_RUNS):
            complaints = self._condemned(scene, without, within)
            ran += 1
            failed += bool(complaints)
            said = said or next(iter(complaints), "")
            if failed and not (self.count and time.monotonic() < until):
                break
        self.report.control(" and ".join(without), failed, ran, said)
        if not failed:
            pytest.fail(f"without {without} all {ran} runs pass: the test sees nothing")

    def _condemned(self, scene: Scene, without: tuple[str, ...], within: float) -> list[str]:
        world = self.fresh()
        judge = Judge(self.rig, within=within, world=world)
        with ExitStack() as stack:
            for protection in without:
                stack.enter_context(self.rig.board.unprotected(protection))
            try:
                scene(world, judge)
            except (AssertionError, IntegrityError) as error:
                # What only a constraint of the database stops was not held by the protection.
                return [f"the scene itself: {error}"]
            return judge.complaints()
