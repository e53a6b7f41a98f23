"""Reasons are configuration and edited here; a policy is its merchant's and only looked at."""

from typing import override

from django.contrib import admin
from django.http import HttpRequest

from apps.core.admin import ReadOnlyAdmin, ReadOnlyInline, TenantAdmin
from apps.orders import choices
from apps.orders.models import Policy, PolicyRule, ReturnReason


@admin.register(ReturnReason)
class ReturnReasonAdmin(TenantAdmin[ReturnReason]):
    list_display = ("code", "text", "store", "parent", "fault", "needs_photo", "waives_fee")
    list_filter = ("fault", "needs_photo", "waives_fee")
    list_select_related = ("store", "parent")
    search_fields = ("code", "store__name", "store__slug")
    exclude = ("deleted", "deleted_by_cascade")
    always_readonly = ("merchant", "store", "parent", "code")

    @override
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.display(description="Text")
    def text(self, reason: ReturnReason) -> str:
        return reason.label("en")


class RuleInline(ReadOnlyInline[PolicyRule, Policy]):
    model = PolicyRule
    verbose_name_plural = "Rules"
    fields = ("priority", "code", "action", "when", "active_from", "active_until")

    @admin.display(description="When")
    def when(self, rule: PolicyRule) -> str:
        return " and ".join(map(_in_words, rule.conditions)) or "always"


@admin.register(Policy)
class PolicyAdmin(ReadOnlyAdmin[Policy]):
    list_display = ("version", "name", "store", "merchant", "status", "published_at")
    list_filter = ("status",)
    list_select_related = ("store", "merchant")
    search_fields = ("name", "store__name", "store__slug", "merchant__name")
    inlines = (RuleInline,)


def _in_words(condition: dict[str, object]) -> str:
    """`Country is one of ES, PT`; words of a rule that nobody can read are shown as they stand."""
    fields, operators = dict(choices.Policy.Field.choices), dict(choices.Policy.Operator.choices)
    name, operator = str(condition.get("field")), str(condition.get("operator"))
    value = condition.get("value")
    shown = ", ".join(map(str, value)) if isinstance(value, list) else value
    return f"{fields.get(name, name)} {operators.get(operator, operator)} {shown}"
