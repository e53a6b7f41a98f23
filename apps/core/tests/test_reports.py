from collections.abc import Iterator

import pytest

from apps.core.reports import AbstractReportService, Issue, Report


class Rows(AbstractReportService):
    """Refuses odd numbers; two rows a step."""

    def __init__(self, rows: list[int]) -> None:
        self.rows = rows

    def total(self) -> int:
        return len(self.rows)

    def steps(self, report: Report) -> Iterator[int]:
        for start in range(0, len(self.rows), 2):
            for number, row in enumerate(self.rows[start : start + 2], start=start + 1):
                if row % 2:
                    report.add(Issue(number, "refused", "odd", f"{row} is odd"))
                else:
                    report.counts["rows_imported"] += 1
            yield len(self.rows[start : start + 2])


class ReportServiceTest:
    def test_it_counts_and_tells_how_far_it_is(self) -> None:
        heard: list[tuple[int, int]] = []
        report = Rows([2, 3, 4, 6, 7]).run(lambda done, total: heard.append((done, total)))

        assert heard == [(0, 5), (2, 5), (4, 5), (5, 5)]
        assert report.counts == {"rows_imported": 3, "rows_refused": 2}
        assert [(issue.line_number, issue.message) for issue in report.issues] == [
            (2, "3 is odd"),
            (5, "7 is odd"),
        ]

    def test_an_empty_file_is_done_at_once(self) -> None:
        heard: list[tuple[int, int]] = []
        report = Rows([]).run(lambda done, total: heard.append((done, total)))

        assert (heard, report.counts, report.issues) == ([(0, 0)], {}, [])

    def test_each_run_has_a_report_of_its_own(self) -> None:
        rows = Rows([1])

        assert rows.run().counts == rows.run().counts == {"rows_refused": 1}

    def test_what_says_neither_total_nor_steps_cannot_run(self) -> None:
        with pytest.raises(TypeError):
            AbstractReportService()  # type: ignore[abstract]
