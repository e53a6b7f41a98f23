"""Who is known across merchants, what is open, and who is listed: hashes, never a name."""

from typing import TYPE_CHECKING, Any, override

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest

from apps.core import clock
from apps.core.admin import ReadOnlyAdmin, TenantAdmin
from apps.underwriting import choices
from apps.underwriting.models import Exposure, ExposureHold, Identity, ListEntry
from apps.underwriting.modules.contact import normalised_value
from apps.underwriting.services import ListRequest, list_entry
from apps.users.models import User

if TYPE_CHECKING:

    class ListEntryModelForm(forms.ModelForm[ListEntry]):
        pass
else:
    ListEntryModelForm = forms.ModelForm


def masked(digest: str) -> str:
    """Enough to compare two rows by eye."""
    return f"{digest[:6]}…{digest[-2:]}"


@admin.register(Identity)
class IdentityAdmin(ReadOnlyAdmin[Identity]):
    list_display = ("kind", "mark", "created_at")
    list_filter = ("kind",)
    list_select_related = False
    fields = ("kind", "mark", "created_at")

    @admin.display(description="Hash")
    def mark(self, identity: Identity) -> str:
        return masked(identity.digest)


@admin.register(Exposure)
class ExposureAdmin(ReadOnlyAdmin[Exposure]):
    list_display = ("scope", "of", "used", "limit", "open_count", "limit_count", "updated_at")
    list_filter = ("scope", "currency")
    list_select_related = False
    fields = ("scope", "of", "used", "limit", "open_count", "limit_count", "updated_at")

    @admin.display(description="Of")
    def of(self, exposure: Exposure) -> str:
        """A day, or the id of a store or merchant; people and addresses as their masked hash."""
        key = exposure.slot.split(":")[1]
        scopes = choices.Exposure.Scope
        is_person = exposure.scope in (scopes.SHOPPER, scopes.DESTINATION, scopes.ADDRESS)
        return masked(key) if is_person else key


@admin.register(ExposureHold)
class ExposureHoldAdmin(ReadOnlyAdmin[ExposureHold]):
    list_display = ("granted_at", "granted", "open", "rung", "status", "reference", "merchant")
    list_filter = ("status", "rung")
    search_fields = ("=reference", "=request_id", "merchant__name")
    fields = (
        "merchant",
        "assessment",
        ("granted", "open", "rung", "status"),
        ("reference", "request_id"),
        ("granted_at", "released_at"),
    )


class ListEntryForm(ListEntryModelForm):
    value = forms.CharField(
        max_length=300,
        help_text="In clear; an address as street | postcode | country. Only its hash is kept.",
    )

    class Meta:
        model = ListEntry
        fields = ("merchant", "list", "kind", "reason", "expires_at")

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        kind, value = cleaned.get("kind", ""), cleaned.get("value", "")
        if kind and value and not normalised_value(kind, value):
            raise ValidationError({"value": "This is not one of its kind."})
        return cleaned


@admin.register(ListEntry)
class ListEntryAdmin(TenantAdmin[ListEntry]):
    form = ListEntryForm
    list_display = ("list", "kind", "mark", "whose", "reason", "added_by", "expires_at")
    list_filter = ("list", "kind")
    list_select_related = ("merchant", "added_by")
    search_fields = ("reason", "merchant__name")
    actions = ("end",)

    @admin.display(description="Hash")
    def mark(self, entry: ListEntry) -> str:
        return masked(entry.digest)

    @admin.display(description="At")
    def whose(self, entry: ListEntry) -> str:
        return str(entry.merchant or "every merchant")

    @override
    def get_fields(self, request: HttpRequest, obj: ListEntry | None = None) -> tuple[str, ...]:
        if obj is None:
            return ("merchant", "list", "kind", "value", "reason", "expires_at")
        return ("merchant", "list", "kind", "mark", "reason", "added_by", "expires_at", "changes")

    @override
    def has_change_permission(self, request: HttpRequest, obj: ListEntry | None = None) -> bool:
        return obj is None and super().has_change_permission(request, obj)

    @override
    def get_readonly_fields(
        self, request: HttpRequest, obj: ListEntry | None = None
    ) -> tuple[str, ...]:
        return (*super().get_readonly_fields(request, obj), "mark")

    @override
    def save_model(
        self,
        request: HttpRequest,
        obj: ListEntry,
        form: "forms.ModelForm[ListEntry]",
        change: bool,
    ) -> None:
        entry = list_entry(
            ListRequest(
                list=obj.list,
                kind=obj.kind,
                value=form.cleaned_data["value"],
                reason=obj.reason,
                by=User.objects.get(pk=str(request.user.pk)),
                merchant=obj.merchant,
                expires_at=obj.expires_at,
            )
        )
        obj.pk, obj.digest = entry.pk, entry.digest

    @admin.action(description="End now", permissions=["change"])
    def end(self, request: HttpRequest, queryset: QuerySet[ListEntry]) -> None:
        for entry in queryset:
            entry.end(clock.now())
        self.message_user(request, "Ended", messages.SUCCESS)
