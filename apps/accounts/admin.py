from typing import override

from django.contrib import admin
from django.http import HttpRequest

from apps.accounts.models import (
    Customer,
    Location,
    Merchant,
    MerchantPreferences,
    Store,
    StorePreferences,
)
from apps.core.admin import ReadOnlyAdmin, ReadOnlyInline, TenantAdmin
from apps.users.models import ApiKey, Membership, Role


class StoreInline(ReadOnlyInline[Store, Merchant]):
    model = Store
    fields = ("name", "slug", "platform", "currency", "status")


class PreferencesInline(ReadOnlyInline[MerchantPreferences, Merchant]):
    model = MerchantPreferences
    fields = ("return_window_days", "exchange_window_days", "methods", "auto_approve")

    @admin.display(description="Refund methods")
    def methods(self, preferences: MerchantPreferences) -> str:
        return ", ".join(preferences.refund_methods)


class RoleInline(ReadOnlyInline[Role, Merchant]):
    model = Role
    fields = ("name", "is_owner", "may_refund", "may_approve_payouts")


class MembershipInline(ReadOnlyInline[Membership, Merchant]):
    model = Membership
    related = ("user", "role")
    fields = ("user", "role", "is_active")


class ApiKeyInline(ReadOnlyInline[ApiKey, Merchant]):
    model = ApiKey
    fields = ("prefix", "name", "environment", "revoked_at", "last_used_at")


@admin.register(Merchant)
class MerchantAdmin(TenantAdmin[Merchant]):
    """Plan, limits and bank account are the staff's; a merchant is opened by the service."""

    list_display = ("name", "slug", "country", "currency", "plan", "status", "instant_enabled")
    list_filter = ("status", "plan")
    list_select_related = False
    search_fields = ("name", "slug", "legal_name", "=tax_id")
    always_readonly = ("slug", "currency", "status")
    inlines = (PreferencesInline, StoreInline, MembershipInline, RoleInline, ApiKeyInline)

    @override
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(Store)
class StoreAdmin(TenantAdmin[Store]):
    list_display = ("name", "slug", "merchant", "platform", "currency", "status", "connected")
    list_filter = ("status", "platform")
    search_fields = ("name", "slug", "domain", "merchant__name")
    exclude = ("credentials",)
    always_readonly = ("merchant", "slug", "currency", "platform", "status", "connected")

    @override
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.display(description="Connected", boolean=True)
    def connected(self, store: Store) -> bool:
        return store.is_connected


class SettingsAdmin[M: (MerchantPreferences, StorePreferences)](ReadOnlyAdmin[M]):
    """Settings are the merchant's own; staff see them with their history."""

    list_filter = ("auto_approve",)


@admin.register(MerchantPreferences)
class MerchantPreferencesAdmin(SettingsAdmin[MerchantPreferences]):
    list_display = ("merchant", "return_window_days", "exchange_window_days", "auto_approve")
    search_fields = ("merchant__name", "merchant__slug")


@admin.register(StorePreferences)
class StorePreferencesAdmin(SettingsAdmin[StorePreferences]):
    list_display = ("store", "merchant", "return_window_days", "auto_approve", "overrides")
    list_select_related = ("store", "merchant")
    search_fields = ("store__name", "store__slug", "merchant__name")


@admin.register(Customer)
class CustomerAdmin(ReadOnlyAdmin[Customer]):
    """Found by the whole value only: this is no place to browse people."""

    list_display = ("email", "name", "merchant", "external_id", "orders_count", "returns_count")
    search_fields = ("=email", "=external_id", "=phone")
    search_help_text = "E-mail, external id or phone, whole"


@admin.register(Location)
class LocationAdmin(TenantAdmin[Location]):
    list_display = ("name", "merchant", "accepts_returns", "is_default", "is_donation")
    list_filter = ("accepts_returns",)
    search_fields = ("name", "merchant__name")
    always_readonly = ("merchant", "is_default")
