"""`import_orders --store <slug> --file <path>`: a CSV of orders, worked off in this process."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.accounts.models import Store
from apps.core.errors import DomainError
from apps.core.reports import Progress, Report
from apps.orders.services.csv_import import OrdersCsvImport

WIDTH = 40
COUNTS = (
    ("rows_imported", "rows imported"),
    ("orders_created", "orders made"),
    ("orders_updated", "orders brought up to date"),
    ("orders_unchanged", "orders known already"),
    ("rows_matched", "credit rows matched"),
    ("rows_unmatched", "credit rows unmatched"),
    ("returns_created", "returns made"),
    ("returns_unchanged", "returns known already"),
    ("rows_refused", "rows refused"),
    ("rows_flagged", "rows flagged"),
)


class Command(BaseCommand):
    help = "Imports the orders of a CSV, replays its credit notes, and reports on every row."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--store", required=True, help="slug of the store")
        parser.add_argument("--file", required=True, type=Path, help="the CSV")
        parser.add_argument("--report", choices=("text", "json"), default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        store = Store.objects.filter(slug=options["store"]).select_related("merchant").first()
        if store is None:
            raise CommandError(f"There is no store with the slug {options['store']!r}")
        try:
            content = options["file"].read_bytes()
            report = OrdersCsvImport(store, content).run(self._progress())
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read: {error.strerror}") from None
        except DomainError as refusal:
            raise CommandError(str(refusal)) from None
        as_text = options["report"] == "text"
        self.stdout.write(_as_text(report) if as_text else _as_json(report))

    def _progress(self) -> Progress:
        """On stderr, so that a report can be piped: a bar on a terminal, else a line per tenth."""
        return self._bar if self.stderr.isatty() else self._lines()

    def _bar(self, done: int, total: int) -> None:
        filled = WIDTH * done // total if total else WIDTH
        bar = "#" * filled + "." * (WIDTH - filled)
        end = "\n" if done == total else ""
        self.stderr.write(f"\r[{bar}] {done} of {total} rows", ending=end)
        self.stderr.flush()

    def _lines(self) -> Progress:
        tenths = {0}

        def line(done: int, total: int) -> None:
            tenth = 10 * done // total if total else 10
            if tenth not in tenths:
                tenths.add(tenth)
                self.stderr.write(f"{done} of {total} rows")

        return line


def _as_text(report: Report) -> str:
    width = max(len(label) for _, label in COUNTS)
    lines = [f"{label:<{width}}  {report.counts[name]:>7,}" for name, label in COUNTS]
    lines += [
        f"line {issue.line_number}: {issue.kind}, {issue.code}: {issue.message}"
        for issue in sorted(report.issues, key=lambda each: each.line_number)
    ]
    return "\n".join(lines)


def _as_json(report: Report) -> str:
    issues = [
        {
            "line": issue.line_number,
            "kind": issue.kind,
            "code": issue.code,
            "message": issue.message,
        }
        for issue in sorted(report.issues, key=lambda each: each.line_number)
    ]
    counts = {name: report.counts[name] for name, _ in COUNTS}
    return json.dumps({"counts": counts, "issues": issues}, indent=1, ensure_ascii=False)
