from typing import override

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from apps.core import clock
from apps.core.admin import ReadOnlyAdmin, link_by_id, pretty, words
from apps.events.models import Event, InboxMessage, JobRun

LONGEST_BODY = 20_000


class ParkedFilter(admin.SimpleListFilter):
    title = "delivery"
    parameter_name = "delivery"

    @override
    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin[Event]
    ) -> list[tuple[str, str]]:
        return [("unheard", "Not heard yet"), ("parked", "Parked")]

    @override
    def queryset(self, request: HttpRequest, queryset: QuerySet[Event]) -> QuerySet[Event]:
        if self.value() == "parked":
            return Event.objects.parked()
        return Event.objects.unheard() if self.value() == "unheard" else queryset


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin[Event]):
    list_display = ("at", "kind", "subject_type", "subject_id", "sequence", "actor_kind", "state")
    list_filter = (ParkedFilter, "actor_kind")
    list_select_related = False
    search_fields = ("=subject_id", "=merchant_id", "=kind")
    search_help_text = "Subject id, merchant id or kind, whole"
    actions = ("retell",)
    fields = (
        ("kind", "at"),
        ("subject", "sequence"),
        "merchant",
        ("actor_kind", "actor_id"),
        "facts",
        ("state", "announced_at"),
        ("attempts", "available_at"),
    )

    @admin.display(description="Payload")
    def facts(self, event: Event) -> SafeString:
        return pretty(event.payload)

    @admin.display(description="About")
    def subject(self, event: Event) -> str:
        return link_by_id(event.subject_type, event.subject_id)

    @admin.display(description="Merchant")
    def merchant(self, event: Event) -> str:
        return link_by_id("accounts.merchant", event.merchant_id)

    @admin.display(description="State")
    def state(self, event: Event) -> str:
        if event.announced_at:
            return "heard"
        return "parked" if event.is_parked else f"waits ({event.attempts})"

    @admin.action(description="Tell parked events again")
    def retell(self, request: HttpRequest, events: QuerySet[Event]) -> None:
        told = sum(event.retell(clock.now()) for event in events)
        self.message_user(request, f"{told} events wait to be told again")


@admin.register(InboxMessage)
class InboxMessageAdmin(ReadOnlyAdmin[InboxMessage]):
    list_display = ("received_at", "source", "account", "topic", "event_id", "status", "attempts")
    list_filter = ("status", "source", "environment")
    list_select_related = False
    search_fields = ("=event_id", "=merchant_id", "=body_hash")
    search_help_text = "Event id, merchant id or body hash, whole"
    actions = ("replay",)
    exclude = ("body",)
    readonly_fields = ("text",)

    @override
    def get_queryset(self, request: HttpRequest) -> QuerySet[InboxMessage]:
        return super().get_queryset(request).defer("body")

    @admin.display(description="Body")
    def text(self, message: InboxMessage) -> SafeString:
        return words(message.raw[:LONGEST_BODY].decode(errors="replace"))

    @admin.action(description="Process parked messages again")
    def replay(self, request: HttpRequest, messages: QuerySet[InboxMessage]) -> None:
        again = sum(message.replay(clock.now()) for message in messages)
        self.message_user(request, f"{again} messages wait again")


@admin.register(JobRun)
class JobRunAdmin(ReadOnlyAdmin[JobRun]):
    list_display = ("job", "slot", "started_at", "done_at")
    list_filter = ("job",)
    list_select_related = False
    search_fields = ("=job",)
