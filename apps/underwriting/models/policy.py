from datetime import datetime
from typing import Any

import pghistory
from django.db import models

from apps.core.constraints import StatusMoves
from apps.core.errors import DomainError
from apps.core.models import AbstractTimeStampedUUID
from apps.core.status import WithStatus
from apps.core.verbs import verb
from apps.underwriting import choices
from apps.underwriting.constraints import FixedOncePublished
from apps.underwriting.dtos import PolicyTerms
from apps.underwriting.managers import UnderwritingPolicyManager
from apps.underwriting.modules.terms import read_terms, terms_json


class UnderwritingPolicyNotDraft(DomainError):
    code = "underwriting_policy_not_draft"
    title = "A published policy is never edited; draft the next version"
    status = 409


@pghistory.track()
class UnderwritingPolicy(WithStatus, AbstractTimeStampedUUID):
    """One version of what an advance is decided by: a merchant's own, or the platform's, which
    holds for every merchant that has none. A published one is never edited."""

    TRANSITIONS = choices.Policy.TRANSITIONS

    merchant = models.ForeignKey(
        "accounts.Merchant", models.PROTECT, null=True, blank=True, related_name="+"
    )
    version = models.PositiveIntegerField()
    status = models.CharField(
        max_length=10, choices=choices.Policy.Status.choices, default=choices.Policy.Status.DRAFT
    )
    name = models.CharField(max_length=100, blank=True)
    terms = models.JSONField()
    published_at = models.DateTimeField(null=True, blank=True)

    objects = UnderwritingPolicyManager()

    class Meta:
        verbose_name_plural = "underwriting policies"
        constraints = (
            models.UniqueConstraint(
                fields=("merchant", "version"),
                nulls_distinct=False,
                name="underwriting_policy_version",
            ),
            models.UniqueConstraint(
                fields=("merchant",),
                condition=models.Q(status=choices.Policy.Status.PUBLISHED),
                nulls_distinct=False,
                name="underwriting_policy_one_published",
            ),
            StatusMoves(moves=choices.Policy.TRANSITIONS, name="underwriting_policy_moves"),
            FixedOncePublished(
                fields=("merchant_id", "version", "terms", "published_at"),
                name="underwriting_policy_fixed",
            ),
        )

    def __str__(self) -> str:
        whose = f"{self.merchant}" if self.merchant_id else "platform"
        return f"{whose} {self.version}"

    def read(self) -> PolicyTerms:
        return read_terms(self.terms)

    @verb
    def write(self, terms: dict[str, Any], name: str = "") -> None:
        """Replace the terms of a draft; raises TermsInvalid or UnderwritingPolicyNotDraft."""
        self._require_draft()
        self.terms = terms_json(read_terms(terms))
        self.name = name or self.name

    @verb
    def publish(self, at: datetime) -> None:
        """Decide by it from now on and retire the former version of the same merchant."""
        self._require_draft()
        read_terms(self.terms)
        statuses = choices.Policy.Status
        former = UnderwritingPolicy.objects.filter(
            merchant=self.merchant, status=statuses.PUBLISHED
        )
        for each in former.select_for_update(no_key=True):
            each.become(statuses.RETIRED)
            each.save(update_fields=["status", "updated_at"])
        self.become(statuses.PUBLISHED)
        self.published_at = at

    def _require_draft(self) -> None:
        if self.status != choices.Policy.Status.DRAFT:
            raise UnderwritingPolicyNotDraft(version=self.version, status=self.status)
