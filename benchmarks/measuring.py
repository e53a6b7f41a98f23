"""Rounds of A, B, A, B: what else happens on the machine hits each contender alike."""

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from statistics import median

from benchmarks.load import Load, Tally
from benchmarks.place import ROOT, Place
from benchmarks.seeding import SHOP, fill, make_shop, migrations
from benchmarks.servers import Servers

type Contenders = Mapping[str, Callable[[], Load]]
GOOD = frozenset({"200", "201", "202"})


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table. `ratio` is what the goal speaks of; `met` None where there is none."""

    job: str
    what: str
    product: str
    limit: str = ""
    ratio: float | None = None
    cpu: str = ""
    goal: str = ""
    met: bool | None = None


@dataclass(frozen=True, slots=True)
class Middle:
    """Medians: a second's requests and whole flows, milliseconds, the client's and the
    web workers' milliseconds of a core for each request."""

    requests: float
    flows: float
    p50: float
    p95: float
    flow_p95: float
    client_cpu: float
    server_cpu: float
    sample: str


@dataclass(slots=True)
class Bench:
    """What every job works with: where, on which servers, how long, and whom to tell."""

    place: Place
    servers: Servers
    key: str
    quick: bool

    @property
    def rounds(self) -> int:
        return 3

    @property
    def seconds(self) -> float:
        return 1.0 if self.quick else 3.0

    @property
    def sizes(self) -> tuple[int, ...]:
        return (1_000, 10_000) if self.quick else (1_000, 10_000, 100_000)

    @property
    def database(self) -> str:
        """The shop of every job that is not about size."""
        return self.shop_of(10_000)

    def say(self, text: str) -> None:
        print(f"  {text}", file=sys.stderr, flush=True)

    def shop_of(self, size: int) -> str:
        """A database with so many orders, made when it is first asked for."""
        name = f"{SHOP}_{size}"
        if not self.place.has(name):
            self.say(f"seeding {size:,} orders")
            self.place.create(name, SHOP)
            with self.place.connect(name) as connection:
                fill(connection, size)
        return name

    def compare(self, contenders: Contenders, rounds: int = 0) -> dict[str, Middle]:
        """The median of each figure over the rounds, after one short run of each to warm up."""
        for make in contenders.values():
            play(make(), most=200, seconds=2.0 if self.quick else 5.0)
        heard: dict[str, list[Tally]] = {name: [] for name in contenders}
        for number in range(rounds or self.rounds):
            for name, make in contenders.items():
                load = make()
                before = self.servers.cpu(load.port)
                tally = play(load)
                tally.server_cpu = self.servers.cpu(load.port) - before
                heard[name].append(tally)
                self.say(
                    f"round {number + 1}: {name} {tally.requests_per_second:,.0f}/s, p95 "
                    f"{tally.p95:.1f} ms, {tally.server_cpu / tally.requests * 1000:.1f} ms CPU"
                )
        return {name: middle(tallies) for name, tallies in heard.items()}


def open_bench(place: Place, *, quick: bool) -> Bench:
    place.clean(f"{SHOP.rpartition('_')[0]}_{migrations()}")
    key = make_shop(place)
    return Bench(place, Servers(place), key, quick)


def play(load: Load, most: int | None = None, seconds: float | None = None) -> Tally:
    """One run of the client in a process of its own; an answer that is no success stops all.

    `most` answers and `seconds` stand in for those of the load where they are told.
    """
    told = asdict(replace(load, most=most or load.most, seconds=seconds or load.seconds))
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.load"],
        input=json.dumps(told),
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(f"the load client failed:\n{done.stderr[-3000:]}")
    tally = Tally(**json.loads(done.stdout))
    if not tally.requests or not GOOD.issuperset(tally.statuses):
        raise RuntimeError(f"{load.visit} was answered {tally.statuses}: {tally.sample[:500]}")
    return tally


def middle(tallies: list[Tally]) -> Middle:
    """Each figure's own median."""
    return Middle(
        requests=median(each.requests_per_second for each in tallies),
        flows=median(each.flows_per_second for each in tallies),
        p50=median(each.p50 for each in tallies),
        p95=median(each.p95 for each in tallies),
        flow_p95=median(each.flow_p95 for each in tallies),
        client_cpu=median(each.client_cpu / each.requests for each in tallies) * 1000,
        server_cpu=median(each.server_cpu / each.requests for each in tallies) * 1000,
        sample=tallies[-1].sample,
    )


def against(job: str, what: str, mine: float, best: float, goal: float | None) -> Figure:
    """Acts a second beside a limit's; `goal` is the least part of the limit to be reached."""
    ratio = mine / best
    return Figure(
        job,
        what,
        f"{mine:,.0f}/s",
        f"{best:,.0f}/s",
        ratio,
        goal=f">= {goal:.0%}" if goal else "",
        met=ratio >= goal if goal else None,
    )


def served(job: str, what: str, mine: Middle, best: Middle, goal: float | None) -> Figure:
    """The same of whole visits to two web servers, with the milliseconds of a core of each."""
    cpu = [each.server_cpu * each.requests / each.flows for each in (mine, best)]
    figure = against(job, what, mine.flows, best.flows, goal)
    return replace(figure, cpu=f"{cpu[0]:.1f} / {cpu[1]:.1f} ms" if all(cpu) else "")


def below(job: str, what: str, value: float, most: float, unit: str) -> Figure:
    return Figure(job, what, f"{value:,.1f} {unit}", goal=f"< {most:g} {unit}", met=value < most)
