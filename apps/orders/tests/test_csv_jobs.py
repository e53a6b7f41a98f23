import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from apps.accounts.tests.factories import StoreFactory
from apps.core import clock
from apps.core.reports import Report
from apps.orders import choices, tasks
from apps.orders.models import ImportJob, Order
from apps.orders.services.csv_import import OrdersCsvImport
from apps.orders.services.csv_rows import UnreadableFile
from apps.orders.services.jobs import run_import, start_import
from apps.orders.tests.csv_files import SAMPLE, csv_of, row
from apps.orders.tests.factories import ImportJobFactory

Status = choices.ImportJob.Status


@pytest.mark.django_db
class ImportJobTest:
    def start(self, content: bytes = b"") -> ImportJob:
        return start_import(StoreFactory.create(), "orders.csv", content or csv_of(row()))

    def test_the_file_is_kept_and_worked_off_by_the_task(self) -> None:
        job = self.start(csv_of(row(), row(quantity="x")))
        tasks.import_orders(str(job.pk))
        job.refresh_from_db()

        assert (job.status, job.rows_done, job.rows_total) == (Status.DONE, 2, 2)
        assert job.counts == {"rows_imported": 1, "orders_created": 1, "rows_refused": 1}
        assert [(i.line_number, i.kind, i.code) for i in job.issues.all()] == [
            (3, "refused", "quantity_not_whole")
        ]
        assert job.started_at is not None
        assert job.done_at is not None

    def test_a_done_job_is_left_alone(self) -> None:
        job = self.start()
        run_import(job, clock.now())
        Order.objects.all().delete()
        tasks.import_orders(str(job.pk))

        assert run_import(job, clock.now()) is None
        assert Order.objects.count() == 0

    def test_a_job_that_is_not_there_is_nobodys_work(self) -> None:
        job = ImportJobFactory.build()

        assert tasks.import_orders(str(job.pk)) is None
        assert ImportJob.objects.count() == 0

    def test_a_job_broken_off_goes_on(self) -> None:
        job = self.start()
        job.begin(clock.now())
        report = run_import(job, clock.now())

        assert report is not None
        assert job.status == Status.DONE

    def test_an_unreadable_file_is_refused_at_once(self) -> None:
        with pytest.raises(UnreadableFile):
            self.start(b"no;orders\n")

        assert ImportJob.objects.count() == 0

    def test_a_file_that_turns_out_unreadable_fails_its_job(self) -> None:
        job = ImportJobFactory.create()

        assert run_import(job, clock.now()) is None
        assert job.status == Status.FAILED
        assert job.failure.startswith("unreadable_file")

    def test_what_nobody_expected_fails_the_job_and_is_raised(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def break_off(*args: Any) -> None:
            raise RuntimeError("disk")

        job = self.start()
        monkeypatch.setattr(OrdersCsvImport, "steps", break_off)
        with pytest.raises(RuntimeError):
            run_import(job, clock.now())
        job.refresh_from_db()

        assert job.status == Status.FAILED
        assert "broke off" in job.failure

    def test_of_two_workers_the_first_to_end_writes_the_report(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        job = self.start(csv_of(row(), row(quantity="x")))
        run = OrdersCsvImport.run

        def overtaken(service: Any, progress: Any) -> Report:
            monkeypatch.setattr(OrdersCsvImport, "run", run)
            run_import(ImportJob.objects.get(), clock.now())
            return run(service, progress)

        monkeypatch.setattr(OrdersCsvImport, "run", overtaken)
        run_import(job, clock.now())
        job.refresh_from_db()

        assert job.status == Status.DONE
        assert job.counts["orders_created"] == 1
        assert job.issues.count() == 1


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.django_db
class ImportOrdersCommandTest:
    def run(self, *arguments: str, err: StringIO | None = None, file: Path = SAMPLE) -> str:
        StoreFactory.create(slug="casa")
        out = StringIO()
        named = {"store": "casa", "file": file, "stdout": out, "stderr": err or StringIO()}
        call_command("import_orders", *arguments, **named)
        return out.getvalue()

    def test_the_report_names_every_row_that_was_not_taken(self) -> None:
        lines = self.run().splitlines()

        assert lines[0].split() == ["rows", "imported", "104"]
        assert ["credit", "rows", "unmatched", "5"] in [line.split() for line in lines]
        assert "line 64: refused, quantity_not_whole: '2,5' is not a whole number" in lines
        assert len([line for line in lines if line.startswith("line ")]) == 11

    def test_the_report_as_json(self) -> None:
        report = json.loads(self.run("--report", "json"))

        assert report["counts"]["rows_imported"] == 104
        assert report["counts"]["rows_refused"] == 4
        assert report["issues"][0] == {
            "line": 64,
            "kind": "refused",
            "code": "quantity_not_whole",
            "message": "'2,5' is not a whole number",
        }

    def test_progress_is_plain_lines_off_a_terminal(self) -> None:
        err = StringIO()
        self.run(err=err)
        lines = err.getvalue().splitlines()

        assert lines[-1] == "119 of 119 rows"
        assert len(lines) <= 10

    def test_progress_is_a_bar_on_a_terminal(self) -> None:
        err = Terminal()
        self.run(err=err)

        assert err.getvalue().startswith(f"\r[{'.' * 40}] 0 of 119 rows")
        assert err.getvalue().endswith(f"\r[{'#' * 40}] 119 of 119 rows\n")

    @pytest.mark.parametrize("err", [StringIO(), Terminal()])
    def test_a_file_without_rows_is_done_at_once(self, err: StringIO, tmp_path: Path) -> None:
        file = tmp_path / "empty.csv"
        file.write_bytes(csv_of())

        assert self.run(err=err, file=file).splitlines()[0].endswith("0")

    def test_twice_changes_nothing(self) -> None:
        self.run()
        before = Order.objects.count()
        out = StringIO()
        call_command("import_orders", store="casa", file=SAMPLE, stdout=out, stderr=StringIO())

        assert Order.objects.count() == before
        assert out.getvalue().splitlines()[1].split() == ["orders", "made", "0"]

    def test_what_cannot_be_read_is_said(self, tmp_path: Path) -> None:
        bad = tmp_path / "bad.csv"
        bad.write_bytes(b"x;y\n")
        StoreFactory.create(slug="tienda")

        for store, file, said in (
            ("nobody", SAMPLE, "no store"),
            ("tienda", tmp_path / "none.csv", "cannot be read"),
            ("tienda", bad, "unreadable_file"),
        ):
            with pytest.raises(CommandError, match=said):
                call_command("import_orders", store=store, file=file)
