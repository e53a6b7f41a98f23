"""`make bench`, or `python -m benchmarks [job ...] [--quick] [--accept] [--suite]`."""

import argparse
import contextlib
import shutil
import signal
import sys
import time
from collections.abc import Sequence

from benchmarks import machine, report
from benchmarks.jobs import JOBS
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


def run(bench: Bench, names: Sequence[str]) -> list[Figure]:
    figures: list[Figure] = []
    for name in names:
        print(f"{name} ...", file=sys.stderr, flush=True)
        figures += JOBS[name](bench)
    return figures


def main(arguments: Sequence[str]) -> int:
    options = parse(arguments)
    if options.suite:
        print("the test suite ...", file=sys.stderr, flush=True)
        time_suite()
    # Asked to end, it stops the servers that it started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    began = time.monotonic()
    place = Place.given()
    with contextlib.ExitStack() as stack:
        stack.callback(shutil.rmtree, place.folder, ignore_errors=True)
        print("a shop of its own ...", file=sys.stderr, flush=True)
        bench = open_bench(place, quick=options.quick)
        stack.callback(bench.servers.stop)
        figures = run(bench, options.jobs or list(JOBS))
    about = {
        "machine": machine.describe(place),
        "load": machine.busy(),
        "seconds": round(time.monotonic() - began),
    }
    print(report.table(figures, report.ratios()))
    print(f"\n{about['seconds']} s; load {about['load']} on {about['machine']}")
    report.write(report.LAST, figures, about)
    if options.accept:
        report.write(report.ACCEPTED, figures, about)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
