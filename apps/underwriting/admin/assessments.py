"""Decisions with their reasons in words, and the staff's own word against one."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, override

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from apps.core import clock
from apps.core.admin import ReadOnlyAdmin, TenantAdmin, link_by_id, pretty, table
from apps.core.errors import DomainError
from apps.underwriting import choices
from apps.underwriting.models import Assessment, Override
from apps.underwriting.services import OverrideRequest, ask_override
from apps.users.models import User

if TYPE_CHECKING:

    class OverrideModelForm(forms.ModelForm[Override]):
        pass
else:
    OverrideModelForm = forms.ModelForm

REASONS = dict(choices.Reason.choices)
RUNGS = dict(choices.Rung.choices)


@admin.register(Assessment)
class AssessmentAdmin(ReadOnlyAdmin[Assessment]):
    list_display = ("at", "value", "rung", "limit_now", "score", "version", "store", "merchant")
    list_filter = ("rung", "status", "currency")
    list_select_related = ("store", "merchant")
    search_fields = ("=request_id", "=order_id", "merchant__name")
    search_help_text = "Whole id of the request or order, or the merchant's name"
    date_hierarchy = "at"
    fieldsets = (
        (None, {"fields": (("at", "value", "score"), ("status", "rung"), "rungs", "why")}),
        ("For", {"fields": (("merchant", "store"), ("order", "request_id", "version"))}),
        ("Made of", {"fields": (("policy", "policy_version"), "override", "facts_then")}),
    )

    @admin.display(description="Limits")
    def rungs(self, row: Assessment) -> SafeString:
        return table(
            ("Once it stands at", "May be out"),
            ((RUNGS[rung], limit) for rung, limit in row.limits.items()),
        )

    @admin.display(description="Reasons")
    def why(self, row: Assessment) -> SafeString:
        return table(
            ("Reason", "Points", "At best"),
            (
                (REASONS.get(each["code"], each["code"]), each["points"], RUNGS[each["best"]])
                for each in row.reasons
            ),
        )

    @admin.display(description="Order")
    def order(self, row: Assessment) -> str:
        return link_by_id("orders.order", row.order_id)

    @admin.display(description="Policy")
    def policy(self, row: Assessment) -> str:
        if row.policy_id is None:
            return "built in"
        return link_by_id("underwriting.underwritingpolicy", row.policy_id)

    @admin.display(description="Facts")
    def facts_then(self, row: Assessment) -> SafeString:
        return pretty(row.inputs)


class OverrideForm(OverrideModelForm):
    class Meta:
        model = Override
        fields = ("assessment", "rung", "reason")

    def clean_assessment(self) -> Assessment:
        assessment: Assessment = self.cleaned_data["assessment"]
        if assessment.is_superseded():
            raise ValidationError("The request was decided anew since; take the newest decision.")
        return assessment


@admin.register(Override)
class OverrideAdmin(TenantAdmin[Override]):
    form = OverrideForm
    list_display = ("asked_at", "rung", "reason", "status", "asked_by", "decided_by", "merchant")
    list_filter = ("status", "rung")
    list_select_related = ("asked_by", "decided_by", "merchant")
    search_fields = ("reason", "merchant__name", "=assessment__request_id")
    actions = ("approve", "refuse")

    @override
    def get_fields(self, request: HttpRequest, obj: Override | None = None) -> tuple[str, ...]:
        asked = ("assessment", "rung", "reason")
        if obj is None:
            return asked
        decided = ("status", "needs_second_person", "asked_by", "asked_at")
        return ("merchant", *asked, *decided, "decided_by", "decided_at")

    @override
    def has_change_permission(self, request: HttpRequest, obj: Override | None = None) -> bool:
        return obj is None and super().has_change_permission(request, obj)

    @override
    def save_model(
        self,
        request: HttpRequest,
        obj: Override,
        form: "forms.ModelForm[Override]",
        change: bool,
    ) -> None:
        asked = OverrideRequest(obj.rung, obj.reason, _staff(request))
        obj.pk = ask_override(obj.assessment, asked, clock.now()).pk

    @admin.action(description="Approve", permissions=["change"])
    def approve(self, request: HttpRequest, queryset: QuerySet[Override]) -> None:
        self._each(request, queryset, lambda each, staff: each.approve(staff, clock.now()))

    @admin.action(description="Refuse", permissions=["change"])
    def refuse(self, request: HttpRequest, queryset: QuerySet[Override]) -> None:
        self._each(request, queryset, lambda each, staff: each.refuse(staff, clock.now()))

    def _each(
        self,
        request: HttpRequest,
        queryset: QuerySet[Override],
        decide: Callable[[Override, User], Any],
    ) -> None:
        staff = _staff(request)
        for override_ in queryset:
            try:
                decide(override_, staff)
            except DomainError as refusal:
                self.message_user(request, f"{override_}: {refusal}", messages.ERROR)
            else:
                self.message_user(request, f"{override_}: done", messages.SUCCESS)


def _staff(request: HttpRequest) -> User:
    return User.objects.get(pk=str(request.user.pk))
