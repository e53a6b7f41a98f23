from django.db import models

from apps.core.models import AbstractTimeStampedUUID
from apps.underwriting import choices
from apps.underwriting.managers import IdentityManager


class Identity(AbstractTimeStampedUUID):
    """One mailbox, phone, address or bank account, known across merchants by its keyed hash only.

    No merchant is ever shown a row of it: what is known of it leaves in buckets.
    """

    kind = models.CharField(max_length=8, choices=choices.Identity.Kind.choices)
    digest = models.CharField(max_length=64)

    objects = IdentityManager()

    class Meta:
        verbose_name_plural = "identities"
        constraints = (
            models.UniqueConstraint(fields=("digest", "kind"), name="underwriting_identity_digest"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.digest[:6]}…"
