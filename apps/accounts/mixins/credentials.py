"""Secrets of a store's platform: sealed at rest, opened only where they are used (C-15)."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import models

from apps.accounts import choices
from apps.core.errors import DomainError
from apps.core.fields import Sealed, SealedField
from apps.core.verbs import verb
from apps.events.recorder import RecordsEvents


class NotConnected(DomainError):
    code = "store_not_connected"
    title = "The store has no platform credentials"
    status = 409


class CredentialsMixin(RecordsEvents):
    credentials = SealedField(null=True, blank=True)
    merchant_id: UUID

    if TYPE_CHECKING:
        platform = models.CharField()
        domain = models.CharField()

    class Meta:
        abstract = True

    @property
    def is_connected(self) -> bool:
        return self.credentials is not None

    def may_be_at(self, platform: str) -> bool:
        """A store of our own API has no platform yet; any other stays at its own."""
        return self.platform in (platform, choices.Store.Platform.API)

    @verb
    def seal_credentials(self, secrets: Mapping[str, str]) -> None:
        self.credentials = Sealed.seal(dict(secrets), self._aad)
        self.record(choices.Event.STORE_CONNECTED, names=sorted(secrets))

    @verb
    def connect(self, platform: str, domain: str, secrets: Mapping[str, str]) -> None:
        """To the shop that lives at `domain`; what was sealed before is gone."""
        self.platform, self.domain = platform, domain
        self.credentials = Sealed.seal(dict(secrets), self._aad)
        self.record(choices.Event.STORE_CONNECTED, names=sorted(secrets))

    @verb
    def renew_credentials(self, secrets: Mapping[str, str]) -> None:
        """What the platform gave in their place; what is not named stays. Raises NotConnected."""
        self.credentials = Sealed.seal({**self.open_credentials(), **secrets}, self._aad)

    def open_credentials(self) -> dict[str, Any]:
        """Plaintext: neither log it nor keep it on the instance; raises NotConnected."""
        if self.credentials is None:
            raise NotConnected(store=str(self.pk))
        secrets: dict[str, Any] = self.credentials.open(self._aad)
        return secrets

    @verb
    def reseal_credentials(self) -> None:
        """Under the current key, after a new one was put first in FIELD_KEYS."""
        self.credentials = Sealed.seal(self.open_credentials(), self._aad)

    @verb
    def forget_credentials(self) -> None:
        if self.credentials is not None:
            self.credentials = None
            self.record(choices.Event.STORE_DISCONNECTED)

    @property
    def _aad(self) -> str:
        return f"{self._meta.db_table}:{self.merchant_id}:{self.pk}"
