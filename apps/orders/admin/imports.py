from django.contrib import admin
from django.utils.safestring import SafeString

from apps.core.admin import ReadOnlyAdmin, ReadOnlyInline, table
from apps.orders.models import ImportIssue, ImportJob


class IssueInline(ReadOnlyInline[ImportIssue, ImportJob]):
    model = ImportIssue
    verbose_name_plural = "Rows that were not taken as they stand"
    fields = ("line_number", "kind", "code", "message")
    per_page = 100


@admin.register(ImportJob)
class ImportJobAdmin(ReadOnlyAdmin[ImportJob]):
    list_display = ("file_name", "store", "status", "rows_done", "rows_total", "created_at")
    list_filter = ("status",)
    list_select_related = ("store",)
    search_fields = ("file_name", "=file_hash", "store__name", "store__slug")
    fields = (
        "file_name",
        "kind",
        "merchant",
        "store",
        "status",
        "failure",
        "rows_done",
        "rows_total",
        "outcome",
        "file_hash",
        "created_at",
        "started_at",
        "done_at",
    )
    inlines = (IssueInline,)

    @admin.display(description="Outcome")
    def outcome(self, job: ImportJob) -> SafeString:
        rows = ((name.replace("_", " "), count) for name, count in sorted(job.counts.items()))
        return table(("", "Count"), rows)
