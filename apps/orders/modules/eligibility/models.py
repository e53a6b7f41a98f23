from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models

from apps.core.constraints import tenant
from apps.core.errors import DomainError
from apps.core.models import TenantModel
from apps.core.verbs import verb
from apps.events.recorder import RecordsEvents
from apps.orders import choices
from apps.orders.modules.eligibility import validation
from apps.orders.modules.eligibility.managers import PolicyManager, PolicyRuleManager
from apps.orders.modules.eligibility.rules import Condition, Rule


class PolicyNotDraft(DomainError):
    code = "policy_not_draft"
    title = "A published policy is never edited; draft the next version"
    status = 409


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleDraft:
    """`conditions` are dicts of field, operator and value; `messages` has one text a language."""

    code: str
    action: str
    conditions: Sequence[dict[str, Any]] = ()
    priority: int = 100
    messages: dict[str, str] = field(default_factory=dict)
    active_from: datetime | None = None
    active_until: datetime | None = None


class Policy(RecordsEvents, TenantModel):
    """One version of a store's rules; a published one is never edited, only followed by another."""

    store = models.ForeignKey("accounts.Store", models.CASCADE, related_name="policies")
    version = models.PositiveIntegerField()
    status = models.CharField(
        max_length=10, choices=choices.Policy.Status.choices, default=choices.Policy.Status.DRAFT
    )
    name = models.CharField(max_length=100, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)

    objects = PolicyManager()

    class Meta:
        verbose_name_plural = "policies"
        constraints = (
            *tenant("orders_policy", "store"),
            models.UniqueConstraint(fields=("store", "version"), name="orders_policy_version"),
            models.UniqueConstraint(
                fields=("store",),
                condition=models.Q(status=choices.Policy.Status.PUBLISHED),
                name="orders_policy_one_published",
            ),
        )

    def __str__(self) -> str:
        return f"policy {self.version}"

    @verb
    def write_rules(self, drafts: Sequence[RuleDraft]) -> None:
        """Replace all rules of a draft; raises PolicyInvalid or PolicyNotDraft."""
        self._require_draft()
        validation.check(drafts)
        self.rules.all().delete()
        PolicyRule.objects.bulk_create(
            PolicyRule(
                merchant_id=self.merchant_id,
                policy=self,
                priority=draft.priority,
                action=draft.action,
                code=draft.code,
                conditions=list(draft.conditions),
                messages=draft.messages,
                active_from=draft.active_from,
                active_until=draft.active_until,
            )
            for draft in drafts
        )

    @verb
    def publish(self, at: datetime) -> None:
        """Bind shoppers from now on and retire the former version; raises PolicyInvalid when a
        rule cannot be read, PolicyNotDraft when it was published before."""
        self._require_draft()
        validation.check(list(self.rules.all()))
        statuses = choices.Policy.Status
        published = Policy.objects.filter(store_id=self.store_id, status=statuses.PUBLISHED)
        # Row by row: cacheops does not hear of `.update()`.
        for former in published.select_for_update(no_key=True):
            former.status = statuses.RETIRED
            former.save(update_fields=["status", "updated_at"])
        self.status = statuses.PUBLISHED
        self.published_at = at
        self.record(choices.Event.POLICY_PUBLISHED, version=self.version)

    def _require_draft(self) -> None:
        if self.status != choices.Policy.Status.DRAFT:
            raise PolicyNotDraft(version=self.version, status=self.status)


class PolicyRule(TenantModel):
    """One action that applies when all its conditions hold; the lowest priority speaks first."""

    policy = models.ForeignKey(Policy, models.CASCADE, related_name="rules")
    priority = models.PositiveSmallIntegerField(default=100)
    action = models.CharField(max_length=10, choices=choices.Policy.Action.choices)
    code = models.CharField(max_length=40)
    conditions = models.JSONField(default=list)
    messages = models.JSONField(default=dict, blank=True)
    active_from = models.DateTimeField(null=True, blank=True)
    active_until = models.DateTimeField(null=True, blank=True)

    objects = PolicyRuleManager()

    class Meta:
        ordering = ("priority", "id")
        constraints = (*tenant("orders_policyrule", "policy"),)

    def __str__(self) -> str:
        return f"{self.priority} {self.action} {self.code}"

    def as_rule(self) -> Rule:
        return Rule(
            code=self.code,
            action=self.action,
            conditions=tuple(Condition.from_json(each) for each in self.conditions),
            priority=self.priority,
            messages=self.messages,
            active_from=self.active_from,
            active_until=self.active_until,
        )
