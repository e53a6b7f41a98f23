"""F-36: several beats at once, and none for a while; each slot of a job is worked once."""

import json
import re
import time
from collections import Counter

import pytest
from django.db.models import Count

from apps.events.models import JobRun
from faults.control import Control
from faults.judge import Judge
from faults.processes import Process, Web
from faults.report import Report
from faults.rig import Rig
from faults.waiting import wait_for
from faults.world import World

# Two beats half a tick apart never meet, a slot being half a tick; with three, two of them do.
BEATS = ("beat", "second-beat", "third-beat")
TICKS = 8
AWAY = 8.0
# "Task apps.payments.tasks.sweep_payments[id] succeeded in 0.1s: 0"; None where the slot was taken.
_DONE = re.compile(r"Task apps\.(?:\w+\.)+tasks\.(\w+)\[[-\w]+\] succeeded in [\d.e-]+s: (\w+)")
JOBS = ("sweep_events", "sweep_payments", "process_inbox")


class BeatsTest:
    @pytest.mark.fault("F-36 three beats")
    @pytest.mark.full
    def test_no_slot_is_worked_by_two_beats(
        self, rig: Rig, world: World, web: Web, worker: Process, beat: Process, report: Report
    ) -> None:
        told_by_three_beats(rig)

        worked, refused = ticks(worker)
        assert all(worked[job] <= slots(job) for job in JOBS), (worked, refused)
        assert sum(refused.values()) > 0
        report.fact("slots worked", sum(worked.values()))
        report.fact("ticks that found theirs taken", sum(refused.values()))
        ret = world.received_card()
        assert world.accept(ret).status == 200
        world.seconds_until_paid(ret)
        assert len(world.refunded_there(ret)) == 1

    @pytest.mark.fault("F-36 no beat for a while")
    @pytest.mark.full
    def test_what_was_missed_is_caught_up_once(
        self, rig: Rig, world: World, web: Web, worker: Process, report: Report
    ) -> None:
        """Eight ticks are missed while every hint is lost; one tick makes them good."""
        rig.end("beat")
        worker.stop()
        returns = [world.received_card() for _ in range(5)]
        assert {world.accept(ret).status for ret in returns} == {200}
        rig.servers.empty_valkey()
        worker.start()
        time.sleep(AWAY)
        assert not any(world.is_paid(ret) for ret in returns)
        before = slots("sweep_payments")

        rig.beat()

        report.fact("caught up after s", world.seconds_until_paid(*returns))
        assert {len(world.refunded_there(ret)) for ret in returns} == {1}
        report.fact("slots for it", slots("sweep_payments") - before)
        assert twice() == []

    @pytest.mark.fault("F-36 three beats")
    @pytest.mark.full
    def test_without_the_slot_each_tick_works(
        self, control: Control, rig: Rig, web_worker_beat: None
    ) -> None:
        def scene(world: World, judge: Judge) -> None:
            told_by_three_beats(rig)
            worked, _ = ticks(rig.worker())
            assert all(worked[job] <= slots(job) for job in JOBS)

        control.must_fail(scene, "slot")


def told_by_three_beats(rig: Rig) -> None:
    """Until each beat has sent each job so many times, and so many are done."""
    rig.worker().terminate()
    rig.end("beat")
    rig.servers.empty_valkey()
    JobRun.objects.all().delete()
    worker = rig.worker()
    beats = [rig.beat(name) for name in BEATS]
    wait_for("ticks of each beat", lambda: min(map(sent, beats)) >= TICKS, 60)
    wait_for("ticks done", lambda: done(worker) >= len(BEATS) * len(JOBS) * TICKS, 60)
    for name in BEATS[1:]:
        rig.end(name)


def sent(beat: Process) -> int:
    """Of the job that it sent least, since it was started."""
    said = beat.said()
    return min(said.count(f"tasks.{job})") for job in JOBS)


def done(worker: Process) -> int:
    return sum(sum(each.values()) for each in ticks(worker))


def ticks(worker: Process) -> tuple[Counter[str], Counter[str]]:
    """By job, since the worker was started: slots that were worked, and those found taken."""
    worked: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    for line in worker.said().splitlines():
        found = _DONE.search(message_of(line))
        if found and found[1] in JOBS:
            (refused if found[2] == "None" else worked)[found[1]] += 1
    return worked, refused


def message_of(line: str) -> str:
    """Of a line of the log, which is JSON."""
    try:
        return str(json.loads(line)["message"])
    except (ValueError, KeyError, TypeError):
        return line


def slots(job: str) -> int:
    return JobRun.objects.filter(job=job).count()


def twice() -> list[object]:
    rows = JobRun.objects.values("job", "slot").annotate(count=Count("pk"))
    return list(rows.filter(count__gt=1))
