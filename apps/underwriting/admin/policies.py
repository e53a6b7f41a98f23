"""A draft is written and tried here; a published policy is only looked at."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any, override

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from apps.core import clock
from apps.core.admin import TenantAdmin, pretty, words
from apps.core.errors import DomainError
from apps.underwriting import choices
from apps.underwriting.models import UnderwritingPolicy
from apps.underwriting.modules.defaults import BUILT_IN
from apps.underwriting.modules.terms import TermsInvalid, read_terms, terms_json
from apps.underwriting.services import draft_policy, simulate
from apps.underwriting.services.simulating import lines_of

if TYPE_CHECKING:

    class PolicyModelForm(forms.ModelForm[UnderwritingPolicy]):
        pass
else:
    PolicyModelForm = forms.ModelForm

TRIED_DAYS = 30
WRITTEN = ("merchant", "name", "version", "status", "published_at", "terms")


class PolicyForm(PolicyModelForm):
    def clean_terms(self) -> dict[str, Any]:
        terms: Any = self.cleaned_data["terms"]
        try:
            return terms_json(read_terms(terms if isinstance(terms, dict) else {}))
        except TermsInvalid as refusal:
            problems: Any = refusal.details["problems"]
            raise ValidationError([str(problem) for problem in problems]) from None


@admin.register(UnderwritingPolicy)
class UnderwritingPolicyAdmin(TenantAdmin[UnderwritingPolicy]):
    form = PolicyForm
    list_display = ("version", "name", "whose", "status", "published_at")
    list_filter = ("status",)
    search_fields = ("name", "merchant__name", "merchant__slug")
    fields = WRITTEN
    always_readonly = ("version", "status", "published_at")
    actions = ("publish", "try_out")

    @admin.display(description="Of")
    def whose(self, policy: UnderwritingPolicy) -> str:
        return str(policy.merchant or "the platform")

    @admin.display(description="Terms")
    def written(self, policy: UnderwritingPolicy) -> SafeString:
        return pretty(policy.terms)

    @override
    def get_fields(
        self, request: HttpRequest, obj: UnderwritingPolicy | None = None
    ) -> tuple[str, ...]:
        if obj is None or self.has_change_permission(request, obj):
            return WRITTEN
        return (*WRITTEN[:-1], "written", "changes")

    @override
    def get_readonly_fields(
        self, request: HttpRequest, obj: UnderwritingPolicy | None = None
    ) -> tuple[str, ...]:
        shown = (*super().get_readonly_fields(request, obj), "written")
        return shown if obj is None else ("merchant", *shown)

    @override
    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"terms": terms_json(BUILT_IN)}

    @override
    def has_change_permission(
        self, request: HttpRequest, obj: UnderwritingPolicy | None = None
    ) -> bool:
        is_fixed = obj is not None and obj.status != choices.Policy.Status.DRAFT
        return not is_fixed and super().has_change_permission(request, obj)

    @override
    def save_model(
        self,
        request: HttpRequest,
        obj: UnderwritingPolicy,
        form: "forms.ModelForm[UnderwritingPolicy]",
        change: bool,
    ) -> None:
        if change:
            obj.write(obj.terms, obj.name)
            return
        drafted = draft_policy(obj.merchant, obj.terms, obj.name)
        obj.pk, obj.version = drafted.pk, drafted.version

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("underwriting.change_underwritingpolicy")

    @admin.action(description="Publish", permissions=["publish"])
    def publish(self, request: HttpRequest, queryset: QuerySet[UnderwritingPolicy]) -> None:
        for policy in queryset:
            try:
                policy.publish(clock.now())
            except DomainError as refusal:
                self.message_user(request, f"{policy}: {refusal}", messages.ERROR)
            else:
                self.message_user(request, f"{policy}: published", messages.SUCCESS)

    @admin.action(description="Try on the last 30 days", permissions=["view"])
    def try_out(self, request: HttpRequest, queryset: QuerySet[UnderwritingPolicy]) -> None:
        """Changes nothing: which decisions and which sums would have been others."""
        now = clock.now()
        for policy in queryset.select_related("merchant"):
            replay = simulate(policy.read(), now - timedelta(days=TRIED_DAYS), now, policy.merchant)
            text = "\n".join([str(policy), "", *lines_of(replay)])
            self.message_user(request, words(text), messages.INFO)
