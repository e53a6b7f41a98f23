"""A shop's whole history, read page by page over HTTP: what one process holds as it goes on."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.measuring import Bench, Figure, below
from benchmarks.place import ROOT
from benchmarks.seeding import SHOP

DATABASE = f"{SHOP}_syncing"
PAGE = 100
MOST_GROWTH_MB = 10.0


def syncing(bench: Bench) -> list[Figure]:
    """A worker is warm after the first fifth; what grows after that would grow without end."""
    count = 3_000 if bench.quick else 30_000
    bench.place.create(DATABASE, SHOP)
    with shop(count) as address:
        words = ("benchmarks.product.syncing", address, str(count))
        told = json.loads(bench.place.run(DATABASE, *words).strip().splitlines()[-1])
    bench.place.drop(DATABASE)
    if (told["imported"], told["status"]) != (count, "done"):
        raise RuntimeError(f"{told['imported']} of {count} orders were read: {told['status']}")
    held = told["held"]
    bench.say(f"MB after each tenth: {', '.join(f'{each:.1f}' for each in held)}")
    rate = count / told["seconds"]
    return [
        Figure("syncing", f"{count:,} orders in pages of {PAGE}", f"{rate:,.0f}/s"),
        Figure("syncing", "the process at the end", f"{held[-1]:,.1f} MB"),
        below(
            "syncing",
            f"growth from {count // 5:,} to {count:,} orders",
            held[-1] - held[1],
            MOST_GROWTH_MB,
            "MB",
        ),
    ]


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
