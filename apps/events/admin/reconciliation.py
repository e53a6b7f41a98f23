"""Findings that wait for a person, and the runs that found them."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, cast, override

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import CharField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST
from kombu.exceptions import OperationalError

from apps.core.admin import ReadOnlyAdmin, link_by_id, table
from apps.core.errors import DomainError
from apps.events import choices, tasks
from apps.events.modules.reconciliation.models import ReconciliationItem, ReconciliationRun

if TYPE_CHECKING:
    from django.contrib.admin.helpers import ActionForm
    from django.forms import TextInput

    from apps.users.models import User
else:
    from unfold.forms import ActionForm
    from unfold.widgets import UnfoldAdminTextInputWidget as TextInput

Status = choices.ReconciliationItem.Status
HANDLE = "events.change_reconciliationitem"
RUN_HEADS = ("Proves", "Query", "Must never be found", "Found", "New", "Gone", "ms", "")
FIGURES = ("invariant", "query", "what", "found", "opened", "resolved", "milliseconds")


class ReasonForm(ActionForm):
    reason = CharField(
        max_length=1000,
        required=False,
        label="",
        widget=TextInput({"placeholder": "Reason", "style": "width: 24rem"}),
    )


class StandingFilter(admin.SimpleListFilter):
    """Without a choice: what somebody should look at."""

    title = "state"
    parameter_name = "state"

    @override
    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin[ReconciliationItem]
    ) -> list[tuple[str, str]]:
        return [*Status.choices, ("all", "All")]

    @override
    def choices(self, changelist: Any) -> Iterator[Any]:
        standing = {"display": "To do", "query_string": changelist.get_query_string({}, ["state"])}
        yield {**standing, "selected": self.value() is None}
        for value, title in self.lookup_choices:
            chosen = changelist.get_query_string({"state": value})
            yield {"display": title, "query_string": chosen, "selected": self.value() == value}

    @override
    def queryset(
        self, request: HttpRequest, queryset: QuerySet[ReconciliationItem]
    ) -> QuerySet[ReconciliationItem]:
        value = self.value()
        if value == "all":
            return queryset
        return queryset.filter(status__in=[value] if value else [Status.OPEN, Status.TAKEN])


@admin.register(ReconciliationItem)
class ReconciliationItemAdmin(ReadOnlyAdmin[ReconciliationItem]):
    list_display = ("invariant", "what", "about", "status", "owner", "opened_at", "last_seen_at")
    list_filter = (StandingFilter, "invariant", "subject_type")
    list_select_related = ("owner",)
    list_before_template = "events/admin/run_now.html"
    search_fields = ("=subject", "=merchant_id", "=query")
    search_help_text = "Subject, merchant id or query, whole"
    ordering = ("-opened_at", "-pk")
    action_form = ReasonForm
    actions = ("take", "explain")
    fields = (
        ("invariant", "query"),
        "what",
        "about",
        "merchant",
        ("status", "owner"),
        "note",
        ("first_seen_at", "last_seen_at"),
        ("opened_at", "times_opened"),
        ("resolved_at", "told_at"),
        "changes",
    )

    @admin.display(description="About")
    def about(self, item: ReconciliationItem) -> str:
        if not item.subject_type:
            return item.subject
        return link_by_id(item.subject_type, item.subject)

    @admin.display(description="Merchant")
    def merchant(self, item: ReconciliationItem) -> str:
        return link_by_id("accounts.merchant", item.merchant_id) if item.merchant_id else "-"

    def has_handle_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(HANDLE))

    @admin.action(description="Take (I look at it)", permissions=["handle"])
    def take(self, request: HttpRequest, items: QuerySet[ReconciliationItem]) -> None:
        self._each(request, items, ReconciliationItem.take)

    @admin.action(description="Explain (it may stay; needs a reason)", permissions=["handle"])
    def explain(self, request: HttpRequest, items: QuerySet[ReconciliationItem]) -> None:
        self._each(request, items, ReconciliationItem.explain)

    def _each(
        self,
        request: HttpRequest,
        items: QuerySet[ReconciliationItem],
        act: "Callable[[ReconciliationItem, User, str], None]",
    ) -> None:
        staff = cast("User", request.user)
        reason = request.POST.get("reason", "").strip()[:1000]
        done = 0
        for item in items:
            try:
                act(item, staff, reason)
            except DomainError as refusal:
                self.message_user(request, f"{item}: {refusal}", messages.ERROR)
            else:
                done += 1
        if done:
            self.message_user(request, f"Done: {done}", messages.SUCCESS)


@admin.register(ReconciliationRun)
class ReconciliationRunAdmin(ReadOnlyAdmin[ReconciliationRun]):
    list_display = (
        "started_at",
        "took",
        "asked_by",
        "queries",
        "found",
        "opened",
        "resolved",
        "failed",
    )
    list_select_related = ("asked_by",)
    list_before_template = "events/admin/run_now.html"
    ordering = ("-started_at", "-pk")
    fields = (
        ("started_at", "done_at", "took"),
        "asked_by",
        ("queries", "failed"),
        ("found", "opened", "resolved"),
        "answers",
    )

    @admin.display(description="Took", ordering="milliseconds")
    def took(self, run: ReconciliationRun) -> str:
        return f"{run.milliseconds:,} ms" if run.done_at else "broke off"

    @admin.display(description="Answers")
    def answers(self, run: ReconciliationRun) -> SafeString:
        """What was found first, then the slowest."""
        rows = sorted(run.figures, key=lambda each: (-each["found"], -each["milliseconds"]))
        return table(
            RUN_HEADS,
            (
                (*(each[name] for name in FIGURES), "could not be asked" if each["failed"] else "")
                for each in rows
            ),
        )

    @override
    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_POST(self.run_now))
        return [path("now/", view, name="events_reconcile_now"), *super().get_urls()]

    def run_now(self, request: HttpRequest) -> HttpResponse:
        """Has a worker do it: the queries may take longer than a page may."""
        if not request.user.has_perm(HANDLE):
            raise PermissionDenied
        try:
            tasks.reconcile_now.delay(str(request.user.pk))
        except OperationalError:
            self.message_user(request, "The queue does not answer; try again", messages.ERROR)
        else:
            self.message_user(request, "A worker asks every query now", messages.SUCCESS)
        return redirect("admin:events_reconciliationrun_changelist")
