"""One table on the terminal, one JSON file, and the last accepted run to compare with."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.measuring import Figure
from benchmarks.place import ROOT

LAST = ROOT / "benchmarks" / "last.json"
ACCEPTED = ROOT / "benchmarks" / "accepted.json"
PAGE = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- accepted run: begin -->", "<!-- accepted run: end -->"
HEAD = ("job", "figure", "product", "limit", "ratio", "accepted", "CPU each", "goal", "met")
WORDS = {True: "met", False: "MISSED", None: ""}


def ratio(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def table(figures: Sequence[Figure], accepted: Mapping[tuple[str, str], float | None]) -> str:
    rows = [HEAD] + [
        (
            each.job,
            each.what,
            each.product,
            each.limit,
            ratio(each.ratio),
            ratio(accepted.get(key(each.job, each.what))),
            each.cpu,
            each.goal,
            WORDS[each.met],
        )
        for each in figures
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    return "\n".join([lines[0], "  ".join("-" * width for width in widths), *lines[1:]])


def key(job: str, what: str) -> tuple[str, str]:
    """What a figure is called without the milliseconds that are told beside its name."""
    words = [word for word in what.replace(",", " ").split() if not word[0].isdigit()]
    return job, " ".join(word for word in words if word not in {"ms", "ms:", "p95", "p50"})


def ratios(path: Path = ACCEPTED) -> dict[tuple[str, str], float | None]:
    if not path.exists():
        return {}
    told = json.loads(path.read_text(encoding="utf-8"))
    return {key(each["job"], each["what"]): each["ratio"] for each in told["figures"]}


def write(path: Path, figures: Sequence[Figure], about: Mapping[str, Any]) -> None:
    told = {**about, "figures": [asdict(each) for each in figures]}
    path.write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def publish(figures: Sequence[Figure], about: Mapping[str, Any], page: Path = PAGE) -> None:
    """The accepted run between the markers of docs/performance.md."""
    before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, found, after = rest.partition(END)
    if not found:
        raise ValueError(f"{page.name} has no markers for the accepted run")
    page.write_text(f"{before}{BEGIN}\n{markdown(figures, about)}\n{END}{after}", encoding="utf-8")


def markdown(figures: Sequence[Figure], about: Mapping[str, Any]) -> str:
    rows = [
        ("job", "figure", "product", "limit", "ratio", "CPU each", "goal", ""),
        ("---",) * 8,
        *(
            (
                f"`{each.job}`",
                each.what,
                each.product,
                each.limit,
                ratio(each.ratio),
                each.cpu,
                each.goal,
                WORDS[each.met],
            )
            for each in figures
        ),
    ]
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    machine = ", ".join(f"{name} {value}" for name, value in about["machine"].items())
    return f"{table}\n\nMeasured in {about['seconds']} s at load {about['load']} on: {machine}."
