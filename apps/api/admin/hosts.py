"""What the hosts keep for themselves, only looked at: no token, code or answer is ever shown."""

from django.contrib import admin

from apps.api.models import (
    CustomerSession,
    Evidence,
    IdempotencyRecord,
    LoginCode,
    LookupFailure,
    PortalSession,
    Proof,
)
from apps.core.admin import ReadOnlyAdmin


@admin.register(IdempotencyRecord)
class IdempotencyRecordAdmin(ReadOnlyAdmin[IdempotencyRecord]):
    """Without its answer: it may hold what only the caller was to see."""

    list_display = ("created_at", "method", "route", "key", "status", "merchant", "environment")
    list_filter = ("method", "environment")
    search_fields = ("=key",)
    search_help_text = "Idempotency key, whole"
    fields = (
        "merchant",
        "environment",
        "family",
        "method",
        "route",
        "key",
        "status",
        "content_type",
        "fence",
        "locked_until",
        "created_at",
    )


@admin.register(PortalSession)
class PortalSessionAdmin(ReadOnlyAdmin[PortalSession]):
    list_display = ("created_at", "store", "order", "level", "last_seen_at", "ended_at")
    list_filter = ("level",)
    list_select_related = ("store", "order")
    search_fields = ("=id", "order__number")
    fields = ("merchant", "store", "order", "level", "created_at", "last_seen_at", "ended_at")


@admin.register(CustomerSession)
class CustomerSessionAdmin(ReadOnlyAdmin[CustomerSession]):
    list_display = ("created_at", "store", "customer", "last_seen_at", "ended_at")
    list_select_related = ("store", "customer")
    search_fields = ("=id", "=customer__email")
    fields = ("merchant", "store", "customer", "created_at", "last_seen_at", "ended_at")


@admin.register(Proof)
class ProofAdmin(ReadOnlyAdmin[Proof]):
    list_display = ("created_at", "store", "sent_at", "tries", "used_at", "expires_at")
    list_select_related = ("store",)
    search_fields = ("=id",)
    fields = ("merchant", "store", "session", "language", "sent_at", "tries", "used_at")


@admin.register(LoginCode)
class LoginCodeAdmin(ReadOnlyAdmin[LoginCode]):
    list_display = ("created_at", "store", "email", "tries", "used_at", "expires_at")
    list_select_related = ("store",)
    search_fields = ("=email",)
    fields = ("merchant", "store", "email", "created_at", "tries", "used_at", "expires_at")


@admin.register(LookupFailure)
class LookupFailureAdmin(ReadOnlyAdmin[LookupFailure]):
    list_display = ("created_at", "store", "network")
    list_select_related = ("store",)
    search_fields = ("=network",)
    fields = ("merchant", "store", "network", "created_at")


@admin.register(Evidence)
class EvidenceAdmin(ReadOnlyAdmin[Evidence]):
    """Without the photo: it lies in private storage."""

    list_display = ("created_at", "store", "order", "size", "width", "height")
    list_select_related = ("store", "order")
    search_fields = ("=id", "order__number")
    fields = ("merchant", "store", "order", "size", "width", "height", "sha256", "created_at")
