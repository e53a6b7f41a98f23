"""Import jobs: a file kept, worked off in the background, its outcome stored row by row."""

import hashlib
from datetime import datetime
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile
from django.db import transaction

from apps.core.errors import DomainError
from apps.core.reports import Progress, Report, silent
from apps.core.verbs import lock
from apps.orders import choices
from apps.orders.models import ImportIssue, ImportJob
from apps.orders.services.csv_import import OrdersCsvImport
from apps.orders.services.csv_rows import read_rows

if TYPE_CHECKING:
    from apps.accounts.models import Store


def start_import(store: "Store", file_name: str, content: bytes) -> ImportJob:
    """Keeps the file; raises UnreadableFile at once when no row of it could ever be read."""
    next(read_rows(content, store.zone), None)
    job = ImportJob(
        merchant_id=store.merchant_id,
        store=store,
        kind=choices.ImportJob.Kind.ORDERS_CSV,
        file_name=file_name[:200],
        file_hash=hashlib.sha256(content).hexdigest(),
    )
    job.file.save(f"{job.pk}.csv", ContentFile(content), save=False)
    job.save(force_insert=True)
    return job


def run_import(job: ImportJob, at: datetime, progress: Progress = silent) -> Report | None:
    """Works the job off; None when it is done already. A worker that died is simply followed."""
    if job.status not in (choices.ImportJob.Status.WAITING, choices.ImportJob.Status.RUNNING):
        return None
    job.begin(at)

    def show(done: int, total: int) -> None:
        ImportJob.objects.filter(pk=job.pk).update(rows_done=done, rows_total=total)
        progress(done, total)

    with job.file.open("rb") as file:
        content = file.read()
    try:
        report = OrdersCsvImport(job.store, content).run(show)
    except DomainError as refusal:
        job.fail(str(refusal), at)
        return None
    except Exception:
        job.fail("The import broke off; upload the file again, and it goes on from there", at)
        raise
    _finish(job, report, at)
    return report


@transaction.atomic
def _finish(job: ImportJob, report: Report, at: datetime) -> None:
    """Of two workers at the same job the first to end writes the report; both read the same."""
    lock(job)
    if job.status != choices.ImportJob.Status.RUNNING:
        return
    ImportIssue.objects.bulk_create(
        (
            ImportIssue(
                merchant_id=job.merchant_id,
                job=job,
                line_number=issue.line_number,
                kind=issue.kind,
                code=issue.code,
                message=issue.message[:300],
            )
            for issue in report.issues
        ),
        ignore_conflicts=True,
    )
    job.finish(dict(report.counts), at)
