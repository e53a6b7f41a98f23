from django.contrib import admin

from apps.core.admin import ReadOnlyAdmin
from apps.notifications.models import Message


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin[Message]):
    list_display = ("created_at", "kind", "is_sent", "done_at", "merchant")
    list_filter = ("kind", "is_sent")
    search_fields = ("=id", "=event_id")
