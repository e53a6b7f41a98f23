"""Files of orders: taken at once, worked off in the background, told row by row."""

from typing import Any
from uuid import UUID

from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.common.operations import operation
from apps.api.common.pages import Page
from apps.api.merchants.base import MerchantsView
from apps.api.merchants.forms.orders import ImportForm, ImportsPage, IssuesPage, Upload
from apps.api.merchants.permissions import allows
from apps.api.merchants.serializers import ImportIssueSerializer, ImportSerializer
from apps.orders.managers import ImportJobQuerySet
from apps.orders.models import ImportIssue, ImportJob
from apps.orders.services.csv_rows import MAX_BYTES, UnreadableFile
from apps.orders.tasks import start_orders_import
from apps.users import choices

JOB_COLUMNS = (
    "id",
    "store__slug",
    "kind",
    "status",
    "file_name",
    "rows_done",
    "rows_total",
    "counts",
    "failure",
    "started_at",
    "done_at",
    "created_at",
)
ISSUE_COLUMNS = ("id", "line_number", "kind", "code", "message")


class ImportsView(MerchantsView):
    permission_classes = [allows(choices.Role.Area.ORDERS)]

    parser_classes = [MultiPartParser]

    @operation(
        "Import orders from a CSV",
        form=ImportForm,
        shows={202: ImportSerializer},
        refusals=[UnreadableFile],
    )
    def post(self, request: Request) -> Response:
        """UTF-8, at most 5 MB and 20,000 rows. The job says what became of each row; the same file
        again changes nothing."""
        upload = self.judge(ImportForm)
        job = start_orders_import(self.store(upload.store), file_name(upload), content(upload))
        path = f"/v1/imports/{job.pk}"
        shown = job_shape(ImportJob.objects.for_merchant(self.merchant), job.pk)
        return self.show(shown, status=202, headers={"Location": path})

    @operation(
        "List imports", query=ImportsPage, shows={200: ImportSerializer(many=True)}, paged=True
    )
    def get(self, request: Request) -> Response:
        form = ImportsPage(data=request.query_params)
        filters = form.judged()
        jobs = ImportJob.objects.for_merchant(self.merchant)
        if filters.store:
            jobs = jobs.filter(store__slug=filters.store)
        if filters.status:
            jobs = jobs.filter(status=filters.status)
        page: Page = form.page.page(form.page.rows(jobs.values(*JOB_COLUMNS)))
        return self.show(page.show([job_row(row) for row in page.rows]))


class ImportView(MerchantsView):
    permission_classes = [allows(choices.Role.Area.ORDERS)]

    @operation("Read an import", shows={200: ImportSerializer})
    def get(self, request: Request, id: UUID) -> Response:
        return self.show(job_shape(ImportJob.objects.for_merchant(self.merchant), id))


class ImportIssuesView(MerchantsView):
    permission_classes = [allows(choices.Role.Area.ORDERS)]

    @operation(
        "List rows that were not taken as they are",
        query=IssuesPage,
        shows={200: ImportIssueSerializer(many=True)},
        paged=True,
    )
    def get(self, request: Request, id: UUID) -> Response:
        form = IssuesPage(data=request.query_params)
        filters = form.judged()
        job = self.find(ImportJob.objects.for_merchant(self.merchant), pk=id)
        issues = ImportIssue.objects.for_merchant(self.merchant).filter(job=job)
        if filters.kind:
            issues = issues.filter(kind=filters.kind)
        page = form.page.page(form.page.rows(issues.values(*ISSUE_COLUMNS)))
        return self.show(page.show([_issue(row) for row in page.rows]))


def content(upload: Upload) -> bytes:
    """Raises UnreadableFile before a byte too many is read."""
    if (upload.file.size or 0) > MAX_BYTES:
        raise UnreadableFile(reason="too_large", limit=MAX_BYTES)
    data: bytes = upload.file.read()
    return data


def file_name(upload: Upload) -> str:
    name = "".join(each for each in upload.file.name or "" if each.isprintable())
    return name or "orders.csv"


def job_shape(jobs: ImportJobQuerySet, id: UUID) -> dict[str, Any]:
    return job_row(jobs.filter(pk=id).values(*JOB_COLUMNS).get())


def job_row(row: dict[str, Any]) -> dict[str, Any]:
    return {"store": row["store__slug"], **{k: v for k, v in row.items() if k != "store__slug"}}


def _issue(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ISSUE_COLUMNS if name != "id"}
