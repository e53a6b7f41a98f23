"""The breaker of the inbox: when too much waits, senders are told to come back (F-17)."""

import time
from datetime import datetime

from django.conf import settings

from apps.core.errors import DomainError
from apps.events.models import InboxMessage

LOOK_EVERY = 1


class InboxFull(DomainError):
    code = "inbox_full"
    title = "Too much waits to be processed: send it again later"
    status = 503
    retry_after = 30


class Depth:
    """Counted at most once a second in each process, and no further than the limit."""

    def __init__(self) -> None:
        self._looked_at: float | None = None
        self._is_full = False

    def check(self, at: datetime) -> None:
        now = time.monotonic()
        if self._looked_at is None or now - self._looked_at >= LOOK_EVERY:
            limit: int = settings.INBOX_DEPTH_LIMIT
            self._is_full = InboxMessage.objects.waiting(at).order_by()[:limit].count() >= limit
            self._looked_at = now
        if self._is_full:
            raise InboxFull


depth = Depth()
