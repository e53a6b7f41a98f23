"""`make bench`, or `python -m benchmarks [job ...] [--quick] [--accept] [--suite]`."""

import argparse
import contextlib
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Sequence

from benchmarks import machine, report
from benchmarks.jobs import BUDGETS, JOBS
from benchmarks.jobs.suite import time_suite
from benchmarks.measuring import Bench, Figure, open_bench
from benchmarks.place import Place


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("jobs", nargs="*", metavar="job", help=f"any of {', '.join(JOBS)}")
    parser.add_argument(
        "--quick", action="store_true", help="one minute's look, no figures to keep"
    )
    parser.add_argument("--accept", action="store_true", help="keep the figures of a whole run")
    parser.add_argument("--suite", action="store_true", help="run and time the test suite first")
    options = parser.parse_args(arguments)
    if unknown := set(options.jobs) - set(JOBS):
        parser.error(f"no such job: {', '.join(sorted(unknown))}; jobs are {', '.join(JOBS)}")
    if options.accept and (options.quick or options.jobs):
        parser.error("only a whole run can be accepted")
    return options


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def run(bench: Bench, names: Sequence[str]) -> tuple[list[Figure], list[str]]:
    """The figures, and the jobs that broke: one of them does not take the others with it."""
    figures: list[Figure] = []
    broken = []
    for number, name in enumerate(names, 1):
        say(f"{number}/{len(names)} {name} ...")
        began = time.monotonic()
        try:
            figures += JOBS[name](bench)
        except Exception:  # noqa: BLE001 - whatever broke, the caller is told by the code
            traceback.print_exc()
            broken.append(name)
        say(f"  {time.monotonic() - began:.0f} s of {BUDGETS[name]} on two quiet cores")
    return figures, broken


def main(arguments: Sequence[str]) -> int:
    """0 when everything was measured, goals missed or not; 2 when something broke."""
    options = parse(arguments)
    # Asked to end, it stops the servers that it started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        measure(options)
    except Exception:  # noqa: BLE001 - whatever broke, the caller is told by the code
        traceback.print_exc()
        return 2
    return 0


def measure(options: argparse.Namespace) -> None:
    if options.suite:
        say("the test suite ...")
        time_suite()
    began = time.monotonic()
    place = Place.given()
    with contextlib.ExitStack() as stack:
        stack.callback(shutil.rmtree, place.folder, ignore_errors=True)
        say("a shop of its own ...")
        bench = open_bench(place, quick=options.quick)
        stack.callback(bench.servers.stop)
        figures, broken = run(bench, options.jobs or list(JOBS))
    about = {
        "machine": machine.describe(place),
        "load": machine.busy(),
        "seconds": round(time.monotonic() - began),
    }
    print(report.table(figures, report.ratios()))
    print(f"\n{about['seconds']} s; load {about['load']} on {about['machine']}")
    report.write(report.LAST, figures, about)
    if broken:
        raise RuntimeError(f"not measured: {', '.join(broken)}")
    if options.accept:
        report.write(report.ACCEPTED, figures, about)
        report.publish(figures, about)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
