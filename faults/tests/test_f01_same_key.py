"""F-01: one refund call, two hundred times at once under one key."""

import time

import pytest

from faults.client import NO_ANSWER, at_once
from faults.control import Control
from faults.judge import Judge
from faults.processes import Process, Web
from faults.report import Report
from faults.world import World, new_key

CALLS = 200


@pytest.mark.full
@pytest.mark.fault("F-01 same key")
class SameKeyTest:
    def test_two_hundred_calls_pay_once(
        self, world: World, web: Web, worker: Process, beat: Process, report: Report
    ) -> None:
        ret = world.received_card()
        started = time.monotonic()

        answers = at_once(world.accepting(ret), [new_key()] * CALLS, threads=CALLS)

        took = time.monotonic() - started
        done = [answer for answer in answers if answer.status == 200]
        busy = [answer for answer in answers if answer.status == 409]
        assert done, {answer.status for answer in answers}
        assert len({answer.content for answer in done}) == 1
        assert {answer.code for answer in busy} <= {"idempotency_in_progress"}
        assert len(done) + len(busy) == CALLS
        world.seconds_until_paid(ret)
        assert len(world.refunded_there(ret)) == 1
        report.fact("s in all", took)
        report.fact("p95 s", sorted(each.seconds for each in answers)[int(CALLS * 0.95)])

    def test_without_key_and_lock_it_pays_again(
        self, control: Control, web_worker_beat: None
    ) -> None:
        """The claim of the key and the row's lock away, several decisions go through at once."""

        def all_at_once(world: World, judge: Judge) -> None:
            judge.allow(500)
            ret = world.received_card()
            answers = at_once(world.accepting(ret), [new_key()] * 40, threads=40)
            assert NO_ANSWER not in {answer.status for answer in answers}
            assert sum(answer.status == 200 and not answer.is_replayed for answer in answers) <= 1

        control.must_fail(all_at_once, "row-lock", "claim")
