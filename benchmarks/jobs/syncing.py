"""A shop's history, read page by page over HTTP: what one process holds as it goes on."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from benchmarks.measuring import Bench, Figure, below
from benchmarks.place import ROOT
from benchmarks.seeding import SHOP

DATABASE = f"{SHOP}_syncing"
PAGE = 100
# It is read for so long, however far that is: a slow machine reads less, and comes to an end too.
ORDERS, SECONDS = 100_000, 45
FEWEST = 200
MOST_GROWTH_MB = 10.0

type Row = dict[str, Any]


def syncing(bench: Bench) -> list[Figure]:
    """A worker is warm after the first fifth; what grows after that would grow without end."""
    bench.place.create(DATABASE, SHOP)
    with shop(ORDERS) as address:
        told = list(read(bench, address, 5 if bench.quick else SECONDS))
    bench.place.drop(DATABASE)
    last = told[-1]
    count, held = last["imported"], last["held"]
    if count < FEWEST or last["status"] not in ("running", "done"):
        raise RuntimeError(f"{count} of {ORDERS} orders were read: {last['status']}")
    warm = next(each for each in told if each["imported"] >= count / 5)
    return [
        Figure(
            "syncing",
            f"{count:,} orders in pages of {PAGE}",
            f"{count / last['seconds']:,.0f}/s",
            cpu=f"{1000 * last['cpu'] / count:.2f} ms",
        ),
        Figure("syncing", "the process at the end", f"{held:,.1f} MB"),
        below(
            "syncing",
            f"growth from {warm['imported']:,} to {count:,} orders",
            held - warm["held"],
            MOST_GROWTH_MB,
            "MB",
        ),
    ]


def read(bench: Bench, address: str, seconds: float) -> Iterator[Row]:
    """What the reader tells of itself, and us every ten seconds."""
    words = [sys.executable, "-m", "benchmarks.product.syncing", address, str(seconds)]
    environment = bench.place.environment(DATABASE, "command")
    with subprocess.Popen(
        words, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None  # noqa: S101
        for number, line in enumerate(process.stdout):
            row = json.loads(line)
            if number % 10 == 0:
                bench.say(f"{row['imported']:,} orders, {row['held']:.1f} MB")
            yield row
    if process.returncode:
        raise RuntimeError("the reader broke: what it said stands above")


@contextmanager
def shop(count: int) -> Iterator[str]:
    """A process of its own."""
    words = [sys.executable, "-m", "benchmarks.shop_pages", str(count), str(PAGE)]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None  # noqa: S101
            yield f"http://127.0.0.1:{process.stdout.readline().strip()}/pages"
        finally:
            process.kill()
