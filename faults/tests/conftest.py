"""Fixtures of the fault tests; Django is set up by faults/__main__.py before this is read."""

import os
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from faults import lanes

if TYPE_CHECKING:
    from faults.board import Board
    from faults.control import Control
    from faults.judge import Judge
    from faults.processes import Process, Web
    from faults.report import Report
    from faults.rig import Rig
    from faults.world import World

REPORT: "pytest.StashKey[Report]" = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--short", action="store_true", help="the set that make test runs")
    parser.addoption("--count", action="store_true", help="20 deaths, every control 20 times")
    parser.addoption("--controls", action="store_true", help="controls only, each 20 times")
    parser.addoption(
        "--control-seconds", type=float, default=60, help="how long one may go on once it failed"
    )
    parser.addoption("--hour", action="store_true", help="an hour of chaos instead of minutes")
    parser.addoption("--chaos-minutes", type=float, default=10, help="how long F-40 breaks things")
    parser.addoption("--seed", type=int, default=40, help="what F-40 breaks when")


def pytest_configure(config: pytest.Config) -> None:
    from faults.report import Report

    config.stash[REPORT] = Report()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    left_out = {"full"} if config.getoption("--short") else set()
    if not (config.getoption("--count") or config.getoption("--controls")):
        left_out.add("counted")
    kept = [item for item in items if not left_out & {mark.name for mark in item.iter_markers()}]
    if config.getoption("--controls"):
        kept = [item for item in kept if "control" in getattr(item, "fixturenames", ())]
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> bool | None:
    """True is pytest's word for a test that somebody else has seen to."""
    return None if lanes.is_mine(item.path) else True


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    outcome = yield
    report = item.config.stash[REPORT]
    report.current = name_of(item)
    worst = outcome.outcome != "passed"
    if outcome.when == "call" or worst:
        report.done(outcome.outcome, outcome.duration)
    return outcome


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    report = terminalreporter.config.stash[REPORT]
    from faults.starting import LANE, RIG

    report.versions = RIG.get().servers.versions()
    terminalreporter.write_line(f"{report.versions}")
    if not LANE:
        for line in report.lines():
            terminalreporter.write_line(line)
    report.write(Path(os.environ["FAULTS_RESULT"]))


def name_of(item: pytest.Item) -> str:
    marker = item.get_closest_marker("fault")
    return str(marker.args[0]) if marker else item.name


@pytest.fixture(scope="session")
def rig() -> "Rig":
    from faults.starting import RIG

    return RIG.get()


@pytest.fixture(scope="module", autouse=True)
def _extra(rig: "Rig") -> Iterator[None]:
    """What a module started for itself does not work on in the next, nor cost it anything."""
    yield
    rig.end_extra()


@pytest.fixture
def board(rig: "Rig") -> Iterator["Board"]:
    """Nothing armed, held or taken away, before and after."""
    rig.board.clear()
    yield rig.board
    rig.board.clear()


@pytest.fixture
def report(request: pytest.FixtureRequest) -> "Report":
    """`report.fact("redelivered after s", 4.2)` puts a figure into the table."""
    report = request.config.stash[REPORT]
    report.current = name_of(request.node)
    return report


@pytest.fixture
def runs(request: pytest.FixtureRequest, report: "Report") -> int:
    """How many faults to make, as the marker `runs(short, full, counted)` says, the last for
    `--count`; told in the table."""
    short, full, *counted = request.node.get_closest_marker("runs").args
    asked = request.config.getoption
    count = int(short if asked("--short") else (*counted, full)[0] if asked("--count") else full)
    report.row.runs += count - 1
    return count


@pytest.fixture
def web(rig: "Rig", world: "World") -> "Web":
    return rig.web()


@pytest.fixture
def worker(rig: "Rig", world: "World") -> "Process":
    """One Celery worker with a pool of one, on every queue."""
    return rig.worker()


@pytest.fixture(scope="class")
def pool(rig: "Rig") -> Iterator[None]:
    """Ends the worker of that name after the class: to start it costs more than what it does."""
    yield
    rig.end("pool")


@pytest.fixture
def beat(rig: "Rig", world: "World") -> "Process":
    return rig.beat()


@pytest.fixture
def world(rig: "Rig", board: "Board") -> "World":
    """A merchant in a database of its own."""
    return fresh_world(rig)


def fresh_world(rig: "Rig") -> "World":
    from django.db import connections

    from faults.world import World

    connections.close_all()
    rig.fresh()
    return World(rig)


@pytest.fixture
def control(rig: "Rig", board: "Board", report: "Report", pytestconfig: pytest.Config) -> "Control":
    from faults.control import MOST_RUNS, Control

    asked = pytestconfig.getoption
    count = MOST_RUNS if asked("--count") or asked("--controls") else 0
    return Control(rig, report, lambda: fresh_world(rig), count, asked("--control-seconds"))


@pytest.fixture(autouse=True)
def judge(request: pytest.FixtureRequest, rig: "Rig") -> Iterator["Judge | None"]:
    """Judges after every test that has a world; a control asks its own."""
    from faults.judge import Judge

    if "world" not in request.fixturenames:
        yield None
        return
    judge = Judge(rig, world=request.getfixturevalue("world"))
    yield judge
    complaints = judge.complaints()
    if complaints:
        pytest.fail("The judge:\n  " + "\n  ".join(complaints[:30]), pytrace=False)


@pytest.fixture
def web_worker_beat(rig: "Rig") -> None:
    """For controls, which make their own worlds."""
    rig.web()
    rig.worker()
    rig.beat()
