"""A whole run goes in lanes: processes of their own on servers of their own, told in one table.

Most of a fault test is waiting, for a lease to end or a process to come back. Every lane takes the
next file that none has taken, the longest first, so that all of them end together.
"""

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TextIO

from faults.report import Report

HERE = Path(__file__).resolve().parent
# As many beside each other as two cores bear; `--lanes=4` for others.
LANES = 3
# To start one takes two cores for seconds: the first comes first, it has the longest to go.
APART = 8.0
# Files by the time that each takes; all others follow.
LONGEST = ("f40", "f17", "f22", "f24", "f06", "f07", "f10", "f05", "f11", "f14", "f09", "f12")
NO_TESTS = 5


@dataclass(slots=True)
class Lane:
    name: str
    process: subprocess.Popen[str]
    result: Path


def run_all(folder: Path, words: list[str], out: TextIO = sys.stdout) -> int:
    """Every lane at once, their lines as they come; 0 when all passed, else the worst exit code."""
    claims = folder / "claims"
    shutil.rmtree(claims, ignore_errors=True)
    claims.mkdir(parents=True)
    count, words = _how_many(words)
    names = [f"lane-{number}" for number in range(1, count + 1)]
    lanes: list[Lane] = []
    tellers: list[threading.Thread] = []
    try:
        for name in names:
            lanes.append(_start(name, folder, words))
            tellers.append(threading.Thread(target=_tell, args=(lanes[-1], out)))
            tellers[-1].start()
            time.sleep(APART)
        for teller in tellers:
            teller.join()
    finally:
        for lane in lanes:
            lane.process.terminate()
    codes = [lane.process.wait() for lane in lanes]
    report = Report()
    for lane in lanes:
        if lane.result.exists():
            report.add(json.loads(lane.result.read_text(encoding="utf-8")))
    report.write(folder / "result.json")
    out.write("\n".join([f"{report.versions}", *report.lines(), ""]))
    return _worst(codes)


@cache
def is_mine(path: Path) -> bool:
    """The first lane that asks for a file runs all of it; without lanes everything is run."""
    claims = os.environ.get("FAULTS_CLAIMS")
    if not claims:
        return True
    try:
        (Path(claims) / path.name).touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def files() -> list[Path]:
    """In the order in which every lane asks for them."""
    return sorted((HERE / "tests").glob("test_*.py"), key=_place)


def _place(path: Path) -> tuple[int, str]:
    word = path.stem.split("_")[1]
    return LONGEST.index(word) if word in LONGEST else len(LONGEST), path.name


def _how_many(words: list[str]) -> tuple[int, list[str]]:
    asked = [word for word in words if word.startswith("--lanes=")]
    count = int(asked[-1].partition("=")[2]) if asked else LANES
    return count, [word for word in words if word not in asked]


def _worst(codes: list[int]) -> int:
    """A lane that found nothing left to do has not failed, unless that is so of all."""
    worked = [code for code in codes if code != NO_TESTS]
    return max(worked, key=abs) if worked else NO_TESTS


def _start(name: str, folder: Path, words: list[str]) -> Lane:
    result = folder / f"{name}.json"
    result.unlink(missing_ok=True)
    environment = {
        **os.environ,
        "FAULTS_LANE": name,
        "FAULTS_RESULT": str(result),
        "FAULTS_CLAIMS": str(folder / "claims"),
    }
    named = [str(path) for path in files()]
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "faults", "-v", *words, *named],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return Lane(name, process, result)


def _tell(lane: Lane, out: TextIO) -> None:
    for line in lane.process.stdout or ():
        out.write(f"{lane.name:>9} | {line}")
        out.flush()
