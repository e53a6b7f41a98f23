from django.db import models

from apps.core.constraints import tenant
from apps.core.models import TenantModel
from apps.orders import choices
from apps.orders.modules.eligibility.managers import PolicyManager, PolicyRuleManager


class Policy(TenantModel):
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
