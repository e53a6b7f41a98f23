"""Promise, send, settle: three short transactions around a call that may never answer."""

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


class SendingMixin(BooksMixin, WithStatus):
    """A gateway gives `is_ready`, `call`, `ask` and, where success has effects here, `arrange`."""

    # False where a batch or a person sends it, so that no worker does.
    GOES_ALONE: ClassVar[bool] = True
    CAN_COME_BACK: ClassVar[bool] = False

    if TYPE_CHECKING:
        idempotency_key: str
        provider_ref: str
        attempts: int
        lease_until: datetime | None
        submitted_at: datetime | None
        settled_at: datetime | None
        failure_code: str

        def key_for(self, generation: int) -> str: ...

    class Meta:
        abstract = True

    @property
    def is_ready(self) -> bool:
        return True

    def call(self) -> Answer:
        """Send it under `idempotency_key`, outside any transaction; a time-out is `unknown`."""
        raise NotImplementedError

    def ask(self) -> Answer:
        """What became of `idempotency_key`; `absent` when the gateway never heard of it."""
        raise NotImplementedError

    def arrange(self, at: datetime) -> None:
        """What success changes here, in the transaction that settles."""

    def let_go(self) -> None:
        """What is set free when the payment is cancelled or to be tried again."""

    @verb
    def submit(self, at: datetime) -> bool:
        """Take it to be sent now; False when it is not ready or another took it."""
        if self.status != choices.Payment.Status.PENDING or not self.is_ready:
            return False
        self.become(choices.Payment.Status.PROCESSING)
        self.submitted_at = at
        self._lease(at)
        self.post_sent(at)
        self.record(choices.Event.REFUND_SENT, attempt=self.attempts)
        return True

    @verb
    def take_up(self, at: datetime) -> bool:
        """Take one without an answer to ask about it; False while another is at it."""
        statuses = choices.Payment.Status
        if self.status not in (statuses.PROCESSING, statuses.UNKNOWN):
            return False
        if self.lease_until is None or self.lease_until > at:
            return False
        if self.status == statuses.UNKNOWN:
            self.become(statuses.PROCESSING)
        self._lease(at)
        return True

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
        elif answer.outcome != outcomes.IN_TRANSIT:
            self._wait(at)
        crash_here("K8")

    @verb
    def retry(self, at: datetime) -> None:
        """After a definite refusal: the next generation, under a key of its own."""
        self.become(choices.Payment.Status.PENDING)
        self.generation += 1
        self.idempotency_key = self.key_for(self.generation)
        self.submitted_at = None
        self.attempts = 0
        self.failure_code = ""
        self.let_go()
        self.record(choices.Event.REFUND_RETRIED, generation=self.generation)

    @verb
    def cancel(self, at: datetime, reason: str) -> None:
        """Only before it is sent; the debt stays open and may be paid another way."""
        self.become(choices.Payment.Status.CANCELLED)
        self.settled_at = at
        self.let_go()
        self.record(choices.Event.REFUND_CANCELLED, reason=reason)

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

    def _lease(self, at: datetime) -> None:
        self.attempts += 1
        self.lease_until = at + settings.PAYMENT_LEASE
