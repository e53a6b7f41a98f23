from typing import override

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from apps.core import clock
from apps.core.admin import ReadOnlyAdmin, ReadOnlyInline, TenantAdmin
from apps.users.models import ApiKey, Membership, Role, User


class SeatInline(ReadOnlyInline[Membership, User]):
    model = Membership
    related = ("merchant", "role")
    fields = ("merchant", "role", "is_active")


@admin.register(User)
class UserAdmin(ReadOnlyAdmin[User]):
    """Passwords are set by the reset code, staff is made on the command line."""

    list_display = ("email", "name", "is_active", "is_staff", "last_login")
    list_filter = ("is_staff", "is_active")
    list_select_related = False
    search_fields = ("email", "name")
    fields = ("email", "name", "is_active", "is_staff", "is_superuser", "last_login", "created_at")
    inlines = (SeatInline,)


@admin.register(Role)
class RoleAdmin(ReadOnlyAdmin[Role]):
    list_display = ("name", "merchant", "is_owner", "may_refund", "may_approve_payouts")
    search_fields = ("name", "merchant__name", "merchant__slug")


@admin.register(Membership)
class MembershipAdmin(ReadOnlyAdmin[Membership]):
    list_display = ("user", "merchant", "role", "is_active")
    list_filter = ("is_active",)
    list_select_related = ("user", "merchant", "role")
    search_fields = ("user__email", "merchant__name", "merchant__slug")


@admin.register(ApiKey)
class ApiKeyAdmin(TenantAdmin[ApiKey]):
    """The prefix only; a key is made by its merchant and can be revoked here."""

    list_display = ("prefix", "name", "merchant", "environment", "revoked_at", "last_used_at")
    list_filter = ("environment",)
    search_fields = ("=prefix", "name", "merchant__name")
    exclude = ("secret_hash",)
    actions = ("revoke",)

    @override
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @override
    def has_change_permission(self, request: HttpRequest, obj: ApiKey | None = None) -> bool:
        return False

    @admin.action(description="Revoke at once")
    def revoke(self, request: HttpRequest, keys: QuerySet[ApiKey]) -> None:
        for key in keys:
            key.revoke(clock.now())
        self.message_user(request, f"{len(keys)} keys are revoked")
