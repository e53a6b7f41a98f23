from django.contrib import admin

from apps.core.admin import ReadOnlyAdmin
from apps.orders.models import PrivacyRequest


@admin.register(PrivacyRequest)
class PrivacyRequestAdmin(ReadOnlyAdmin[PrivacyRequest]):
    list_display = ("asked_at", "merchant", "kind", "source", "status", "why", "due_at", "done_at")
    list_filter = ("status", "kind", "source")
    list_select_related = ("merchant",)
    search_fields = ("=reference", "merchant__slug")
