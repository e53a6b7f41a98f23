"""The cover period of an instant return: the merchant decides inside it, or it is decided."""

from datetime import datetime
from typing import TYPE_CHECKING

from apps.core.verbs import verb
from apps.orders import choices
from apps.orders.mixins.advance import AdvanceMixin
from apps.orders.mixins.review import ReviewMixin

NEVER_SENT = "never_sent"


class CoverMixin(AdvanceMixin, ReviewMixin):
    if TYPE_CHECKING:
        mode: str
        shipped_at: datetime | None
        cover_ends_at: datetime | None
        cover_reminded_at: datetime | None

        def cancel(self, at: datetime, reason: str = "") -> None: ...

    class Meta:
        abstract = True

    def is_covered(self, at: datetime) -> bool:
        """Instant, undecided, and inside its cover."""
        ends_at = self.cover_ends_at
        return ends_at is not None and at < ends_at and not self.is_final

    @verb
    def warn_of_cover(self, at: datetime) -> bool:
        """Once: the merchant has little time left to decide."""
        if self.cover_reminded_at or not self.is_covered(at):
            return False
        self.cover_reminded_at = at
        self.record(choices.Event.COVER_ENDING, ends_at=str(self.cover_ends_at))
        return True

    @verb
    def end_cover(self, at: datetime) -> bool:
        """Every undecided unit is accepted, seen or not; False while it is covered or decided.

        What waited for goods that were never sent does not go out; where nothing did, the return
        is cancelled.
        """
        if self.is_final or self.cover_ends_at is None or at < self.cover_ends_at:
            return False
        advance = self.has_advance()
        self.record(choices.Event.COVER_ENDED)
        if advance is not None and not self.shipped_at and not self.received_at:
            if not advance.out:
                self.cancel(at, NEVER_SENT)
                return True
            self.drop_waiting(advance)
        self.accept_all(at)
        return True
