from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models

from apps.accounts.models import Store
from apps.api.managers import ProofManager
from apps.api.models.sessions import OneTimeCode, PortalSession
from apps.core.constraints import tenant
from apps.core.verbs import verb


class Proof(OneTimeCode):
    """A code for the contact on a session's order. Without a session it is a decoy: asked for with
    a token that opens nothing, answered alike, and never right."""

    session = models.ForeignKey(
        PortalSession, models.CASCADE, null=True, blank=True, related_name="+"
    )
    language = models.CharField(max_length=8)
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = ProofManager()

    class Meta:
        constraints = (*tenant("api_proof", "store", "session"),)
        indexes = (models.Index(fields=("created_at",), name="api_proof_created"),)

    def __str__(self) -> str:
        return f"proof {self.pk}"

    @classmethod
    def ask(cls, store: Store, session: PortalSession | None, language: str, at: datetime) -> Self:
        proof = cls(
            merchant_id=store.merchant_id,
            store=store,
            session=session,
            language=language[:8],
            created_at=at,
            expires_at=at + settings.PROOF_CODE_LIFETIME,
        )
        proof.draw()
        proof.save(force_insert=True)
        return proof

    @property
    def email(self) -> str:
        return self.session.order.email if self.session else ""

    @property
    def tries_left(self) -> int:
        return max(0, self.TRIES - self.tries)

    @verb
    def redraw(self, at: datetime) -> str:
        """The digits for the mail; empty when there is nobody to send them to, or they went out."""
        if self.sent_at or self.used_at or at >= self.expires_at or not self.email:
            return ""
        return self.draw()

    @verb
    def note_sent(self, at: datetime) -> None:
        self.sent_at = self.sent_at or at
