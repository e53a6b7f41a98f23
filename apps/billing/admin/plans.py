from typing import TYPE_CHECKING, Any, override

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest

from apps.billing import services
from apps.billing.helpers import day_of
from apps.billing.models import FeeSchedule, Plan, Subscription
from apps.billing.services.subscribing import SubscribeRequest
from apps.core import clock
from apps.core.admin import ReadOnlyAdmin, ReadOnlyInline, TenantAdmin
from apps.core.errors import DomainError
from apps.users.acting import for_each

if TYPE_CHECKING:
    from django.forms import ModelForm


class ScheduleInline(ReadOnlyInline[FeeSchedule, Plan]):
    model = FeeSchedule
    fields = ("currency", "starts_on", "monthly", "per_request", "instant", "instant_bp", "minimum")


@admin.register(Plan)
class PlanAdmin(TenantAdmin[Plan]):
    list_display = ("name", "code", "is_offered")
    list_select_related = False
    search_fields = ("name", "code")
    inlines = (ScheduleInline,)


class ScheduleForm(forms.ModelForm[FeeSchedule]):
    def clean_starts_on(self) -> Any:
        """What happened is billed at the prices of its day: they are never changed afterwards."""
        starts_on = self.cleaned_data["starts_on"]
        if starts_on <= day_of(clock.now()):
            raise ValidationError("Prices start in the future")
        return starts_on


@admin.register(FeeSchedule)
class FeeScheduleAdmin(TenantAdmin[FeeSchedule]):
    """A version is added and never changed; the next one starts later."""

    form = ScheduleForm
    list_display = (
        "plan",
        "currency",
        "starts_on",
        "monthly",
        "per_request",
        "instant_bp",
        "minimum",
    )
    list_filter = ("plan", "currency")
    list_select_related = ("plan",)

    @override
    def has_change_permission(self, request: HttpRequest, obj: FeeSchedule | None = None) -> bool:
        return False


class SubscriptionForm(forms.ModelForm[Subscription]):
    def clean(self) -> dict[str, Any]:
        """The whole act, so that a refusal stands on the page; `save` finds it done."""
        named = super().clean() or {}
        if not self.errors:
            request = SubscribeRequest(
                named["merchant"], named["plan"], named["starts_on"], named["currency"]
            )
            try:
                self.made = services.subscribe(request, clock.now())
            except DomainError as refusal:
                raise ValidationError(str(refusal)) from None
        return named

    @override
    def save(self, commit: bool = True) -> Subscription:
        return self.made

    def save_m2m(self) -> None:
        """Nothing is related to a subscription."""


@admin.register(Subscription)
class SubscriptionAdmin(ReadOnlyAdmin[Subscription]):
    """Adding one ends the one before it; `end today` bills the days up to yesterday."""

    form = SubscriptionForm
    list_display = ("merchant", "plan", "currency", "starts_on", "ends_on")
    list_select_related = ("merchant", "plan")
    list_filter = ("plan",)
    search_fields = ("merchant__name", "merchant__slug")
    fields = ("merchant", "plan", "currency", "starts_on")
    actions = ("end_today",)

    @override
    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("billing.add_subscription"))

    def has_subscribe_permission(self, request: HttpRequest) -> bool:
        return self.has_add_permission(request)

    @override
    def save_model(
        self, request: HttpRequest, obj: Subscription, form: "ModelForm[Subscription]", change: bool
    ) -> None:
        """The form has subscribed the merchant already."""

    @admin.action(description="End today", permissions=["subscribe"])
    def end_today(self, request: HttpRequest, queryset: QuerySet[Subscription]) -> None:
        def end(subscription: Subscription) -> str:
            services.unsubscribe(subscription, day_of(clock.now()))
            return f"ended on {subscription.ends_on}"

        for_each(self, request, queryset, end)
