from datetime import datetime

import pghistory
from django.db import models

from apps.core.models import AbstractTimeStampedUUID
from apps.core.verbs import verb
from apps.underwriting import choices
from apps.underwriting.managers import ListEntryManager


@pghistory.track()
class ListEntry(AbstractTimeStampedUUID):
    """Who is always or never advanced to: one merchant's entry, or the platform's for all.

    `digest` is the keyed hash of what was listed; nobody can read it back.
    """

    merchant = models.ForeignKey(
        "accounts.Merchant", models.PROTECT, null=True, blank=True, related_name="+"
    )
    list = models.CharField(max_length=5, choices=choices.ListEntry.List.choices)
    kind = models.CharField(max_length=8, choices=choices.ListEntry.Kind.choices)
    digest = models.CharField(max_length=64)
    reason = models.CharField(max_length=500)
    added_by = models.ForeignKey("users.User", models.PROTECT, related_name="+")
    expires_at = models.DateTimeField(null=True, blank=True)

    objects = ListEntryManager()

    class Meta:
        verbose_name_plural = "list entries"
        constraints = (
            models.UniqueConstraint(
                fields=("digest", "kind", "list", "merchant"),
                nulls_distinct=False,
                name="underwriting_listentry_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.list} {self.kind} {self.digest[:6]}…"

    @verb
    def end(self, at: datetime) -> None:
        """It holds until now; the row stays for those who ask why."""
        self.expires_at = min(self.expires_at or at, at)
