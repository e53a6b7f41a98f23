"""How a collection goes: asked for, waiting for the shopper or the bank, in, or not."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import ClassVar, override

from apps.core.faults import crash_here
from apps.core.status import Transitions
from apps.core.verbs import verb
from apps.payments import choices
from apps.payments.dtos import Answer
from apps.payments.mixins.taking import TakingMixin

logger = logging.getLogger(__name__)
Status, Outcome = choices.Payment.Status, choices.Payment.Outcome


class CollectingMixin(TakingMixin):
    """A gateway gives `call` and `ask`; where the shopper acts on a page, `keep_link` too."""

    TRANSITIONS: ClassVar[Transitions] = choices.Payment.COLLECTION_TRANSITIONS
    ASKED_EVERY: ClassVar[timedelta] = timedelta(minutes=15)

    class Meta:
        abstract = True

    def keep_link(self, answer: Answer) -> None:
        """What the shopper is shown."""

    @verb
    @override
    def take_up(self, at: datetime) -> bool:
        """Take one that is with the provider or the shopper, to ask about it."""
        if self.status not in choices.Payment.UNDER_WAY:
            return False
        if self.lease_until is None or self.lease_until > at:
            return False
        if self.status == Status.UNKNOWN:
            self.become(Status.PROCESSING)
        self._lease(at)
        return True

    @verb
    @override
    def settle(self, answer: Answer, at: datetime) -> None:
        """Take the gateway's word; what came to an end before stays as it is."""
        if self.status not in choices.Payment.UNDER_WAY:
            return
        self.lease_until = None
        steps: dict[str, Callable[[Answer, datetime], None]] = {
            Outcome.SUCCEEDED: self._succeed,
            Outcome.FAILED: self._fail,
            Outcome.IN_TRANSIT: self._travel,
            Outcome.OFFERED: self._offer,
            Outcome.EXPIRED: self._expire,
        }
        steps.get(answer.outcome, self._hear_nothing)(answer, at)
        crash_here("K8")

    @verb
    @override
    def hear(self, answer: Answer, at: datetime) -> None:
        """The gateway speaks by itself. Money that comes in after all is taken, and told."""
        if self.status == Status.FAILED and answer.outcome == Outcome.SUCCEEDED:
            logger.warning("%s came in after it had failed: %s", self.pk, answer.provider_ref)
            self._succeed(answer, at)
        else:
            self.settle(answer, at)

    @override
    def _travel(self, answer: Answer, at: datetime) -> None:
        """The shopper has done their part; a debit may take days."""
        self.provider_ref = answer.provider_ref or self.provider_ref
        self.lease_until = at + self.ASKED_EVERY
        if self.status != Status.AUTHORISED:
            self.become(Status.AUTHORISED)
            self.post_on_its_way(at)
            self.record(choices.Event.COLLECTION_AUTHORISED)

    def _offer(self, answer: Answer, at: datetime) -> None:
        self.lease_until = at + self.ASKED_EVERY
        if self.status != Status.REQUIRES_ACTION:
            self.become(Status.REQUIRES_ACTION)
            self.keep_link(answer)
            self.record(choices.Event.COLLECTION_OFFERED)

    def _expire(self, answer: Answer, at: datetime) -> None:
        self.become(Status.EXPIRED)
        self.settled_at = at
        self.post_failed(at)
        self.record(choices.Event.COLLECTION_EXPIRED)

    def _hear_nothing(self, answer: Answer, at: datetime) -> None:
        """One that waits for the shopper or the bank goes on waiting."""
        if self.status in (Status.REQUIRES_ACTION, Status.AUTHORISED):
            self.lease_until = at + self.ASKED_EVERY
        else:
            self._wait(at)
