"""How a payment ends: the gateway's word, taken once, in the books and on the timeline."""

import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings

from apps.core.faults import crash_here
from apps.core.status import WithStatus
from apps.core.verbs import verb
from apps.payments import choices
from apps.payments.dtos import Answer
from apps.payments.mixins.books import BooksMixin
from apps.payments.refusals import CannotComeBack

logger = logging.getLogger(__name__)


class SettlingMixin(BooksMixin, WithStatus):
    CAN_COME_BACK: ClassVar[bool] = False
    # How often one that is under way is asked about; None where somebody tells us.
    ASKED_EVERY: ClassVar[timedelta | None] = None

    if TYPE_CHECKING:
        provider_ref: str
        attempts: int
        lease_until: datetime | None
        submitted_at: datetime | None
        settled_at: datetime | None
        failure_code: str

    class Meta:
        abstract = True

    def arrange(self, at: datetime) -> None:
        """What success changes here, in the transaction that settles."""

    @verb
    def settle(self, answer: Answer, at: datetime) -> None:
        """Take the gateway's word; what was settled before stays as it is."""
        statuses, outcomes = choices.Payment.Status, choices.Payment.Outcome
        if self.status not in (statuses.PROCESSING, statuses.UNKNOWN):
            return
        self.lease_until = None
        if answer.outcome == outcomes.SUCCEEDED:
            self._succeed(answer, at)
        elif answer.outcome == outcomes.FAILED:
            self._fail(answer, at)
        elif answer.outcome == outcomes.IN_TRANSIT:
            self._travel(answer, at)
        else:
            self._wait(at)
        crash_here("K8")

    @verb
    def come_back(self, code: str, at: datetime) -> None:
        """The bank sent it back after success: a reversal is posted and the debt is open again."""
        if not self.CAN_COME_BACK:
            raise CannotComeBack(gateway=self.gateway)
        self.become(choices.Payment.Status.RETURNED)
        self.failure_code = code
        self.post_returned(at)
        self.record(choices.Event.REFUND_RETURNED, code=code)

    def _succeed(self, answer: Answer, at: datetime) -> None:
        self.become(choices.Payment.Status.SUCCEEDED)
        self.provider_ref = answer.provider_ref
        self.settled_at = at
        self.failure_code = ""
        self.post_succeeded(at)
        self.arrange(at)
        self.record(choices.Event.REFUND_SUCCEEDED)

    def _fail(self, answer: Answer, at: datetime) -> None:
        self.become(choices.Payment.Status.FAILED)
        self.provider_ref = answer.provider_ref
        self.failure_code = answer.failure_code
        self.post_failed(at)
        self.record(choices.Event.REFUND_FAILED, code=answer.failure_code)

    def _wait(self, at: datetime) -> None:
        """No word: neither success nor failure, and never a new key. Somebody asks later."""
        if self.status == choices.Payment.Status.PROCESSING:
            self.become(choices.Payment.Status.UNKNOWN)
        wait: timedelta = settings.PAYMENT_LEASE * 2 ** min(self.attempts, 10)
        self.lease_until = at + min(wait, settings.PAYMENT_LONGEST_WAIT)
        self.record(choices.Event.REFUND_UNKNOWN, attempt=self.attempts)

    def _travel(self, answer: Answer, at: datetime) -> None:
        """It arrived there and is not through yet."""
        if self.status == choices.Payment.Status.UNKNOWN:
            self.become(choices.Payment.Status.PROCESSING)
        self.provider_ref = answer.provider_ref or self.provider_ref
        if self.ASKED_EVERY is not None:
            self.lease_until = at + self.ASKED_EVERY

    @verb
    def hear(self, answer: Answer, at: datetime) -> None:
        """The gateway speaks by itself: an end, or a success that it takes back."""
        statuses, outcomes = choices.Payment.Status, choices.Payment.Outcome
        if self.status == statuses.SUCCEEDED and answer.outcome == outcomes.FAILED:
            self.come_back(answer.failure_code, at)
        elif self.status == statuses.FAILED and answer.outcome == outcomes.SUCCEEDED:
            logger.critical("%s was paid after it had failed: %s", self.pk, answer.provider_ref)
        else:
            self.settle(answer, at)

    @verb
    def sound_alarm(self, at: datetime) -> None:
        """Nobody knows whether it was paid, for too long: a person is told, once."""
        statuses = choices.Payment.Status
        if self.status in (statuses.PROCESSING, statuses.UNKNOWN):
            self.record(choices.Event.REFUND_UNANSWERED, attempt=self.attempts)
            logger.critical("no answer for payment %s since %s", self.pk, self.submitted_at)
