"""A whole run goes in lanes: processes of their own on servers of their own, told in one table.

Most of a fault test is waiting, for a lease to end or a process to come back.
"""

import json
import os
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from faults.report import Report

HERE = Path(__file__).resolve().parent
LANES = {"deaths": ("f05", "f06", "f07", "f08"), "chaos": ("f40",), "machine": ("machine",)}
REST = "rest"
# It computes from beginning to end and waits for nothing: it takes what the others leave.
NICE = {"machine": ("nice", "-n", "15")}


@dataclass(slots=True)
class Lane:
    name: str
    process: subprocess.Popen[str]
    result: Path


def run_all(folder: Path, words: list[str], out: TextIO = sys.stdout) -> int:
    """Every lane at once, their lines as they come; 0 when all passed, else the worst exit code."""
    folder.mkdir(parents=True, exist_ok=True)
    lanes = [_start(name, files, folder, words) for name, files in _files().items()]
    tellers = [threading.Thread(target=_tell, args=(lane, out)) for lane in lanes]
    for teller in tellers:
        teller.start()
    try:
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
    return max(codes)


def _files() -> dict[str, list[str]]:
    tests = sorted((HERE / "tests").glob("test_*.py"))
    lanes: dict[str, list[str]] = {name: [] for name in (*LANES, REST)}
    for path in tests:
        word = path.stem.split("_")[1]
        name = next((name for name, words in LANES.items() if word in words), REST)
        lanes[name].append(str(path))
    return lanes


def _start(name: str, files: list[str], folder: Path, words: list[str]) -> Lane:
    result = folder / f"{name}.json"
    result.unlink(missing_ok=True)
    environment = {**os.environ, "FAULTS_LANE": name, "FAULTS_RESULT": str(result)}
    process = subprocess.Popen(
        [*NICE.get(name, ()), sys.executable, "-u", "-m", "faults", "-v", *words, *files],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return Lane(name, process, result)


def _tell(lane: Lane, out: TextIO) -> None:
    for line in lane.process.stdout or ():
        out.write(f"{lane.name:>8} | {line}")
        out.flush()
