"""Work on a whole file: in steps, with progress, counts, and an issue for what is refused."""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

type Progress = Callable[[int, int], None]


def silent(done: int, total: int) -> None:
    """Progress for nobody."""


@dataclass(frozen=True, slots=True)
class Issue:
    """`kind` is refused, unmatched or flagged; `line_number` is the line in the file, from 1."""

    line_number: int
    kind: str
    code: str
    message: str


@dataclass(slots=True)
class Report:
    counts: Counter[str] = field(default_factory=Counter)
    issues: list[Issue] = field(default_factory=list)

    def add(self, issue: Issue) -> None:
        self.issues.append(issue)
        self.counts[f"rows_{issue.kind}"] += 1


class AbstractReportService(ABC):
    """Subclasses say how much there is and do it step by step; a step may be done twice."""

    @abstractmethod
    def total(self) -> int:
        """How many units of progress there are."""

    @abstractmethod
    def steps(self, report: Report) -> Iterator[int]:
        """Do the work; yield how many units each step finished."""

    def run(self, progress: Progress = silent) -> Report:
        report, done, total = Report(), 0, self.total()
        progress(0, total)
        for finished in self.steps(report):
            done += finished
            progress(done, total)
        return report
