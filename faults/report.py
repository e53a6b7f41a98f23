"""What was run and seen, as one table at the end and as a JSON file."""

import json
import platform
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(slots=True)
class Row:
    runs: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0
    facts: dict[str, float] = field(default_factory=dict)
    controls: list[dict[str, Any]] = field(default_factory=list)


@dataclass(slots=True)
class Report:
    """`current` is the row of the test that runs; figures keep their worst value."""

    rows: dict[str, Row] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    current: str = ""

    @property
    def row(self) -> Row:
        return self.rows.setdefault(self.current, Row())

    def fact(self, name: str, value: float) -> None:
        """A figure of this run; the table shows the largest of all runs."""
        facts = self.row.facts
        facts[name] = max(value, facts.get(name, value))

    def control(self, without: str, failed: int, ran: int, said: str) -> None:
        self.row.controls.append(
            {"without": without, "failed": failed, "runs": ran, "said": said[:200]}
        )

    def done(self, outcome: str, seconds: float) -> None:
        row = self.row
        row.runs += 1
        row.seconds += seconds
        row.failed += outcome == "failed"
        row.skipped += outcome == "skipped"

    def write(self, path: Path) -> None:
        rows = {name: _plain(row) for name, row in sorted(self.rows.items())}
        content = {"machine": platform.platform(), "versions": self.versions, "tests": rows}
        path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")

    def add(self, content: dict[str, Any]) -> None:
        """What `write` of another process wrote."""
        self.versions.update(content["versions"])
        for name, row in content["tests"].items():
            self.rows[name] = Row(**row)

    def lines(self) -> list[str]:
        head = f"{'test':<34}{'runs':>5}{'failed':>7}{'time':>8}  seen, and what the control said"
        return [head, "-" * 100, *(self._line(name) for name in sorted(self.rows))]

    def _line(self, name: str) -> str:
        row = self.rows[name]
        seen = [f"{fact} {value:.4g}" for fact, value in sorted(row.facts.items())]
        controls = [
            f"without {each['without']}: failed {each['failed']} of {each['runs']}"
            for each in row.controls
        ]
        skipped = f"{row.skipped} skipped" if row.skipped else ""
        words = "; ".join(filter(None, [*seen, *controls, skipped]))
        return f"{name:<34}{row.runs:>5}{row.failed:>7}{row.seconds:>7.1f}s  {words}"


def _plain(row: Row) -> dict[str, Any]:
    return {name: getattr(row, name) for name in Row.__slots__}
