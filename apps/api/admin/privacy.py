"""Requests about shoppers' data: orders keeps them, and here everything of theirs is reached."""

from datetime import timedelta
from typing import override
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from apps.api.services import exporting
from apps.api.tasks import erase_soon
from apps.core import clock
from apps.core.admin import ReadOnlyAdmin, link_to, words
from apps.core.errors import DomainError
from apps.orders.admin.timeline import timeline
from apps.orders.models import PrivacyRequest
from apps.orders.modules.privacy import choices
from apps.users.acting import WithWords, for_each, words_of

WORDS = dict(choices.Event.choices)
HANDLE = "orders.change_privacyrequest"
SOON = timedelta(days=7)


class DueFilter(admin.SimpleListFilter):
    title = "due"
    parameter_name = "due"

    @override
    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin[PrivacyRequest]
    ) -> list[tuple[str, str]]:
        return [("over", "Overdue"), ("soon", "Within a week"), ("open", "Not done yet")]

    @override
    def queryset(
        self, request: HttpRequest, queryset: QuerySet[PrivacyRequest]
    ) -> QuerySet[PrivacyRequest]:
        undone = queryset.filter(status__in=choices.PrivacyRequest.UNDONE)
        match self.value():
            case "over":
                return undone.filter(due_at__lt=clock.now())
            case "soon":
                return undone.filter(due_at__lt=clock.now() + SOON)
            case "open":
                return undone
        return queryset


@admin.register(PrivacyRequest)
class PrivacyRequestAdmin(ReadOnlyAdmin[PrivacyRequest]):
    """Never edited: what staff do are buttons, in the list for many and on the page for one."""

    action_form = WithWords
    change_form_outer_before_template = "api/admin/privacy_buttons.html"
    list_display = ("due_at", "merchant", "kind", "source", "status", "waits_for", "asked_at")
    list_filter = (DueFilter, "status", "kind", "source")
    list_select_related = ("merchant",)
    ordering = ("due_at", "pk")
    search_fields = ("=id", "=reference", "merchant__slug", "=customer__email")
    fieldsets = (
        (None, {"fields": (("merchant", "store", "shopper"), ("kind", "source", "reference"))}),
        (
            "State",
            {
                "fields": (
                    ("status", "due_at"),
                    ("asked_at", "tried_at", "done_at"),
                    "waits_for",
                    "refusal",
                    "counts",
                )
            },
        ),
        ("Timeline", {"fields": ("happened",)}),
    )
    actions = ("act", "refuse")

    @override
    def get_queryset(self, request: HttpRequest) -> QuerySet[PrivacyRequest]:
        return super().get_queryset(request).select_related("merchant", "store", "customer")

    def has_handle_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(HANDLE))

    @admin.display(description="Waits for")
    def waits_for(self, asked: PrivacyRequest) -> SafeString:
        return words("\n".join(asked.why))

    @admin.display(description="Shopper")
    def shopper(self, asked: PrivacyRequest) -> SafeString | str:
        return link_to(asked.customer) if asked.customer is not None else "Nobody known"

    @admin.display(description="Happened")
    def happened(self, asked: PrivacyRequest) -> SafeString:
        return timeline(asked.timeline, WORDS)

    @admin.action(description="Erase now", permissions=["handle"])
    def act(self, request: HttpRequest, queryset: QuerySet[PrivacyRequest]) -> None:
        for_each(self, request, queryset, _act)

    @admin.action(description="Refuse (reason)", permissions=["handle"])
    def refuse(self, request: HttpRequest, queryset: QuerySet[PrivacyRequest]) -> None:
        """The reason is shown to the shopper."""

        def refuse(asked: PrivacyRequest) -> str:
            asked.refuse(words_of(request), clock.now())
            return "refused"

        for_each(self, request, queryset, refuse, needs_words="the reason")

    @override
    def get_urls(self) -> list[URLPattern]:
        act = self.admin_site.admin_view(require_POST(self.act_on_one))
        take = self.admin_site.admin_view(require_POST(self.take))
        return [
            path("<uuid:pk>/act/<str:what>/", act, name="orders_privacyrequest_act"),
            path("<uuid:pk>/export/", take, name="orders_privacyrequest_export"),
            *super().get_urls(),
        ]

    def act_on_one(self, request: HttpRequest, pk: UUID, what: str) -> HttpResponse:
        """The buttons of the page are the actions of the list."""
        act = {"erase": self.act, "refuse": self.refuse}.get(what)
        if act is None:
            raise Http404
        act(request, self._found(request, pk))
        return redirect("admin:orders_privacyrequest_change", pk)

    def take(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """A file for the shopper; kept nowhere."""
        asked = self._found(request, pk).filter(kind=choices.PrivacyRequest.Kind.EXPORT).first()
        if asked is None:
            raise Http404
        try:
            told = exporting.hand_out(asked, clock.now())
        except DomainError as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return redirect("admin:orders_privacyrequest_change", pk)
        name = f'attachment; filename="shopper-{asked.pk}.json"'
        indented = {"indent": 2, "ensure_ascii": False}
        headers = {"Content-Disposition": name, "Cache-Control": "no-store"}
        return JsonResponse(told, json_dumps_params=indented, headers=headers)

    def _found(self, request: HttpRequest, pk: UUID) -> QuerySet[PrivacyRequest]:
        if not self.has_handle_permission(request):
            raise PermissionDenied
        return self.get_queryset(request).filter(pk=pk)


def _act(asked: PrivacyRequest) -> str:
    if asked.kind == choices.PrivacyRequest.Kind.EXPORT:
        return "waits for somebody to hand out the export"
    erase_soon(asked)
    return "a worker tries it now"
