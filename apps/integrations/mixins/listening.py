"""Subscriptions that were deleted or switched off at the shop are found and made again."""

from datetime import datetime
from typing import TYPE_CHECKING

from apps.core.verbs import verb
from apps.events.recorder import RecordsEvents
from apps.integrations import choices


class ListeningMixin(RecordsEvents):
    if TYPE_CHECKING:
        checked_at: datetime | None
        restored_at: datetime | None
        restored_count: int
        active: int
        last_error: str

    class Meta:
        abstract = True

    @verb
    def found(self, active: int, restored: list[str], at: datetime) -> None:
        """`restored` names the topics that were missing or off before."""
        self.checked_at, self.active, self.last_error = at, active, ""
        if restored:
            self.restored_at = at
            self.restored_count += len(restored)
            self.record(choices.Event.WEBHOOKS_RESTORED, topics=restored)

    @verb
    def unanswered(self, error: str) -> None:
        self.last_error = error[:300]
