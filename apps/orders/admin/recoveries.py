from typing import override

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from apps.core import clock
from apps.core.admin import ReadOnlyAdmin, ReadOnlyInline
from apps.orders.admin.timeline import timeline
from apps.orders.models import Recovery, RecoveryAttempt, RecoveryCollection
from apps.orders.modules.recoveries import choices
from apps.users.acting import WithWords, for_each, staff_of, words_of

WORDS = dict(choices.Event.choices)


class AttemptInline(ReadOnlyInline[RecoveryAttempt, Recovery]):
    model = RecoveryAttempt
    verbose_name_plural = "Charges"
    fields = ("number", "status", "amount", "asked_at", "failure_code", "reference")


class CollectionInline(ReadOnlyInline[RecoveryCollection, Recovery]):
    model = RecoveryCollection
    verbose_name_plural = "Payments"
    fields = ("at", "amount", "given_back", "reference")


@admin.register(Recovery)
class RecoveryAdmin(ReadOnlyAdmin[Recovery]):
    """Never edited: what staff do to a recovery are the actions, each with its words."""

    action_form = WithWords
    list_display = (
        "ret",
        "cause",
        "due",
        "kept",
        "status",
        "next_step_at",
        "held_back",
        "merchant",
    )
    list_filter = ("status", "cause", "held_back", "currency")
    list_select_related = ("ret", "merchant")
    search_fields = ("=ret__number", "merchant__name", "=collections__reference")
    fieldsets = (
        (None, {"fields": (("ret", "merchant"), ("cause", "status"), "end_reason")}),
        ("Sums", {"fields": (("due", "kept", "given_back"), ("written_off", "outstanding"))}),
        (
            "Days",
            {
                "fields": (
                    ("opened_at", "objection_ends_at", "warned_at"),
                    ("reminded_at", "charge_at", "next_step_at"),
                    ("held_back", "instalments"),
                )
            },
        ),
        ("Consent", {"fields": (("consent_cap_minor", "consent_until"),)}),
        ("What the shopper says", {"fields": ("contests",)}),
        (
            "Written off",
            {"fields": (("needs_second_person", "write_off_asked_by", "written_off_by"),)},
        ),
        ("Timeline", {"fields": ("happened",)}),
    )
    inlines = (AttemptInline, CollectionInline)
    actions = ("pause", "resume", "close", "write_off")

    @override
    def get_queryset(self, request: HttpRequest) -> QuerySet[Recovery]:
        return super().get_queryset(request).select_related("ret", "merchant")

    def has_recover_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("orders.change_recovery"))

    @admin.display(description="Happened")
    def happened(self, recovery: Recovery) -> SafeString:
        return timeline(recovery.timeline, WORDS)

    @admin.action(description="Pause (reason)", permissions=["recover"])
    def pause(self, request: HttpRequest, queryset: QuerySet[Recovery]) -> None:
        def pause(recovery: Recovery) -> str:
            recovery.pause(words_of(request), clock.now())
            return "paused"

        for_each(self, request, queryset, pause, needs_words="the reason")

    @admin.action(description="Resume (reason)", permissions=["recover"])
    def resume(self, request: HttpRequest, queryset: QuerySet[Recovery]) -> None:
        def resume(recovery: Recovery) -> str:
            recovery.resume(words_of(request), clock.now())
            return recovery.status

        for_each(self, request, queryset, resume, needs_words="the reason")

    @admin.action(description="Close and give back (reason)", permissions=["recover"])
    def close(self, request: HttpRequest, queryset: QuerySet[Recovery]) -> None:
        def close(recovery: Recovery) -> str:
            recovery.close(words_of(request), clock.now())
            return f"{recovery.given_back} goes back"

        for_each(self, request, queryset, close, needs_words="the reason")

    @admin.action(description="Write off (reason)", permissions=["recover"])
    def write_off(self, request: HttpRequest, queryset: QuerySet[Recovery]) -> None:
        by = staff_of(request)

        def write_off(recovery: Recovery) -> str:
            done = recovery.write_off(by, words_of(request), clock.now())
            return "written off" if done else "a second person must do it as well"

        for_each(self, request, queryset, write_off, needs_words="the reason")
