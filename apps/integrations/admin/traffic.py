"""The traffic with shops: what was read, what was written, and whether they still tell us."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from apps.core import clock
from apps.core.admin import ReadOnlyAdmin, ReadOnlyInline, link_by_id
from apps.core.status import IllegalTransition
from apps.integrations.models import (
    Installation,
    OrderSync,
    PlatformAction,
    SyncRefusal,
    WebhookCheck,
)


class RefusalInline(ReadOnlyInline[SyncRefusal, OrderSync]):
    model = SyncRefusal
    verbose_name_plural = "Orders that were not taken"
    fields = ("external_id", "code", "detail")
    per_page = 100


@admin.register(OrderSync)
class OrderSyncAdmin(ReadOnlyAdmin[OrderSync]):
    list_display = (
        "created_at",
        "store",
        "kind",
        "status",
        "imported",
        "updated",
        "refused",
        "expected",
        "setbacks",
        "last_error",
    )
    list_filter = ("status", "kind")
    list_select_related = ("store",)
    search_fields = ("store__name", "store__slug")
    exclude = ("cursor",)
    inlines = (RefusalInline,)


@admin.register(PlatformAction)
class PlatformActionAdmin(ReadOnlyAdmin[PlatformAction]):
    list_display = ("created_at", "store", "kind", "status", "code", "attempts", "external_id")
    list_filter = ("status", "kind")
    list_select_related = ("store",)
    search_fields = ("=ret_id", "=reference", "=external_id", "store__slug")
    search_help_text = "Id of the return, reference or the shop's id, whole; or a store"
    actions = ("replay",)
    readonly_fields = ("of_return",)

    @admin.display(description="Return")
    def of_return(self, action: PlatformAction) -> SafeString | str:
        return link_by_id("orders.return", action.ret_id)

    @admin.action(description="Write to the shop again what failed or was parked")
    def replay(self, request: HttpRequest, actions: QuerySet[PlatformAction]) -> None:
        again = 0
        for action in actions:
            try:
                action.replay(clock.now())
            except IllegalTransition:
                continue
            again += 1
        self.message_user(request, f"{again} are sent again")


@admin.register(WebhookCheck)
class WebhookCheckAdmin(ReadOnlyAdmin[WebhookCheck]):
    list_display = ("store", "active", "checked_at", "restored_at", "last_error")
    list_select_related = ("store",)
    search_fields = ("store__name", "store__slug")


@admin.register(Installation)
class InstallationAdmin(ReadOnlyAdmin[Installation]):
    list_display = ("created_at", "platform", "account", "store", "claimed_at", "expires_at")
    list_filter = ("platform",)
    list_select_related = ("store",)
    search_fields = ("account", "store__slug")
    exclude = ("secrets", "claim_hash")
