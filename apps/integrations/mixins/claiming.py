"""A shop that nobody has told us the store of waits for whoever installed it to say so."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import models

from apps.core.errors import DomainError
from apps.core.fields import Sealed
from apps.core.verbs import verb

if TYPE_CHECKING:
    from apps.accounts.models import Store


class ClaimRefused(DomainError):
    code = "claim_refused"
    title = "No installation waits under this claim, or no longer"
    status = 404


class ClaimingMixin(models.Model):
    id: UUID

    if TYPE_CHECKING:
        secrets: models.Field[Sealed | None, Sealed | None]
        store: models.ForeignKey[Store | None, Store | None]
        expires_at: models.Field[datetime, datetime]
        claimed_at: models.Field[datetime | None, datetime | None]

    class Meta:
        abstract = True

    @verb
    def take(self, store: "Store", at: datetime) -> Mapping[str, str]:
        """What the platform granted, to one only. Raises ClaimRefused."""
        if self.store is not None or self.secrets is None or at >= self.expires_at:
            raise ClaimRefused
        granted: dict[str, str] = self.secrets.open(self.aad)
        self.store, self.claimed_at = store, at
        return granted

    @verb
    def give_back(self) -> None:
        """The store could not be connected by it: another may be, while it holds."""
        self.store, self.claimed_at = None, None

    @verb
    def settle(self) -> None:
        """The store keeps the credentials itself."""
        self.secrets = None

    @property
    def aad(self) -> str:
        return f"{self._meta.db_table}:{self.id}"
