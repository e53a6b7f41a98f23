"""F-12: PostgreSQL goes down without a word, a session of it is killed, the network is cut."""

import time

import pytest
from django.db import connections

from faults.board import Board
from faults.client import NO_ANSWER
from faults.control import Control
from faults.judge import Judge
from faults.load import Load
from faults.processes import Process, Web
from faults.proxy import Proxy
from faults.report import Report
from faults.rig import Rig
from faults.waiting import wait_for
from faults.world import World

# After PostgreSQL answers again nobody may be told an error for longer than this; three quiet.
ERRORS_END_WITHIN = 8.0
LOAD = 60


class RestartTest:
    @pytest.mark.fault("F-12 restart at once")
    @pytest.mark.runs(1, 3, 6)
    @pytest.mark.full
    def test_under_load_nothing_acknowledged_is_lost(
        self,
        rig: Rig,
        world: World,
        web: Web,
        worker: Process,
        beat: Process,
        judge: Judge,
        report: Report,
        runs: int,
    ) -> None:
        """No checkpoint, every session gone, as after a power cut; each 10 s from the last."""
        judge.allow(503)
        judge.within = 40
        load = Load(world, [world.received_card() for _ in range(LOAD)], pause=0.1)
        with load.running():
            for _ in range(runs):
                time.sleep(2)
                rig.servers.restart_postgres_at_once()
                report.fact("errors end after s", seconds_of_errors(load))
                time.sleep(max(0, 10 / runs - 2))
            load.finish(within=60)

        assert load.statuses() <= {200, 503, NO_ANSWER}
        assert report.row.facts["errors end after s"] < ERRORS_END_WITHIN
        report.fact("told 503", sum(each.reply.status == 503 for each in load.answers))
        assert_paid(world, load)

    @pytest.mark.fault("F-12 one session killed")
    @pytest.mark.full
    def test_a_killed_session_takes_the_others_along(
        self,
        rig: Rig,
        world: World,
        web: Web,
        worker: Process,
        beat: Process,
        judge: Judge,
        report: Report,
    ) -> None:
        judge.allow(503)
        judge.within = 40
        load = Load(world, [world.received_card() for _ in range(20)], pause=0.1)
        with load.running():
            time.sleep(1)
            named = "SELECT pid FROM pg_stat_activity WHERE application_name = 'reveni-web'"
            rig.servers.kill_backend(int(str(rig.servers.sql(named)[0][0])))
            report.fact("errors end after s", seconds_of_errors(load))
            load.finish(within=60)

        assert load.statuses() <= {200, 503, NO_ANSWER}
        assert_paid(world, load)

    @pytest.mark.fault("F-12 cut for 5 s")
    @pytest.mark.full
    def test_the_network_between_web_and_postgres_is_cut(
        self, rig: Rig, world: World, worker: Process, beat: Process, judge: Judge, report: Report
    ) -> None:
        judge.allow(503)
        judge.within = 40
        url = rig.servers.database_url()
        port = int(url.rpartition(":")[2].partition("/")[0])
        with Proxy(port) as proxy:
            through = url.replace(f":{port}/", f":{proxy.port}/")
            web = rig.web(DATABASE_URL=through)
            returns = [world.received_card() for _ in range(20)]
            load = Load(world, returns, pause=0.1, port=web.port)
            with load.running():
                time.sleep(1)
                proxy.refuses = True
                assert proxy.cut()
                time.sleep(5)
                proxy.refuses = False
                report.fact("errors end after s", seconds_of_errors(load))
                load.finish(within=60)
            rig.end(web.name)

        assert load.statuses() <= {200, 503, NO_ANSWER}
        assert_paid(world, load)

    @pytest.mark.fault("F-12 restart at once")
    @pytest.mark.full
    def test_without_the_sweeper_what_was_cut_off_is_lost(
        self, control: Control, rig: Rig, board: Board, web_worker_beat: None
    ) -> None:
        """The worker has taken a payment and not called yet, however fast it is otherwise."""

        def scene(world: World, judge: Judge) -> None:
            judge.allow(503)
            load = Load(world, [world.received_card() for _ in range(5)])
            with board.holding("before-call"), load.running():
                wait_for("a call to be held", lambda: board.held("before-call"))
                rig.servers.restart_postgres_at_once()
                load.finish(within=60)
            connections.close_all()

        control.must_fail(scene, "sweeper", within=15)


def seconds_of_errors(load: Load) -> float:
    """From now, until one second passes in which nobody is told an error; at most 20."""
    start = last = time.monotonic()
    while time.monotonic() < min(last + 1.5, start + 20):
        time.sleep(0.1)
        bad = [each.at for each in list(load.answers) if each.reply.status != 200]
        last = max([last, *bad])
    # The sessions of this process are gone as well.
    connections.close_all()
    return last - start


def assert_paid(world: World, load: Load) -> None:
    """Every decision that was acknowledged is paid, once; the workers went on by themselves."""
    world.seconds_until_paid(*load.accepted, within=60)
    assert {len(world.refunded_there(ret)) for ret in load.accepted} == {1}
