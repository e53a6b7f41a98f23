"""The wall time of the test suite; minutes long, so it runs only where it is asked for."""

import json
import os
import subprocess
import sys
import time

from benchmarks.measuring import Bench, Figure, below
from benchmarks.place import ROOT

MOST_SECONDS = 120.0
KEPT = ROOT / ".embedded" / "suite.json"


def suite(bench: Bench) -> list[Figure]:
    """The last time that is known; `time_suite` measures it."""
    if not KEPT.exists():
        return [Figure("suite", "not measured here; `--suite` runs it", "unknown")]
    known = json.loads(KEPT.read_text())
    bench.say(f"as measured with `--suite`: {known['passed']}")
    what = f"the test suite on {known['cores']} cores"
    return [below("suite", what, known["seconds"], MOST_SECONDS, "s")]


def time_suite() -> None:
    """Run it as `make test` does and keep the figure; raises when a test fails."""
    words = [sys.executable, "-m", "pytest", "--reuse-db", "-n", "auto", "--maxprocesses=12", "-q"]
    given = (ROOT / ".envs" / ".tests" / ".django").read_text().splitlines()
    tests = dict(line.split("=", 1) for line in given if "=" in line and line[0] != "#")
    began = time.perf_counter()
    done = subprocess.run(
        words, cwd=ROOT, env={**os.environ, **tests}, check=False, capture_output=True, text=True
    )
    took = time.perf_counter() - began
    if done.returncode:
        raise RuntimeError(f"the suite failed:\n{done.stdout[-3000:]}")
    passed = done.stdout.strip().splitlines()[-1].strip("= ")
    KEPT.parent.mkdir(exist_ok=True)
    KEPT.write_text(
        json.dumps({"seconds": round(took, 1), "cores": os.cpu_count(), "passed": passed})
    )
