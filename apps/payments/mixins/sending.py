"""Promise, send, settle: three short transactions around a call that may never answer."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings

from apps.core.verbs import verb
from apps.payments import choices
from apps.payments.dtos import Answer
from apps.payments.mixins.settling import SettlingMixin

# After the life of its key a payment is only asked about, this much longer and this often at least.
LATE = timedelta(hours=2)
ASKS = 5


class SendingMixin(SettlingMixin):
    """A gateway gives `is_ready`, `call`, `ask` and, where success has effects here, `arrange`."""

    # False where a batch or a person sends it, so that no worker does.
    GOES_ALONE: ClassVar[bool] = True
    # True where the shop itself makes it, and so tells of it as of a refund of its own.
    AT_SHOP: ClassVar[bool] = False
    # How long the gateway keeps a key, so that sending again is safe; None where it is always.
    KEY_LIFE: ClassVar[timedelta | None] = None

    if TYPE_CHECKING:
        idempotency_key: str

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

    def key_lives(self, at: datetime) -> bool:
        """May the call be made again under its key, without a second effect?"""
        if self.KEY_LIFE is None or self.submitted_at is None:
            return True
        return at < self.submitted_at + self.KEY_LIFE

    def given_up(self, at: datetime) -> Answer:
        """The gateway never heard of it and its key is dead: unknown, until that is certain."""
        outcomes = choices.Payment.Outcome
        if self.attempts < ASKS or self.key_lives(at - LATE):
            return Answer(outcomes.UNKNOWN)
        return Answer(outcomes.FAILED, failure_code="never_arrived")

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
    def retry(self, at: datetime) -> None:
        """After a definite refusal: the next generation, under a key of its own."""
        self.become(choices.Payment.Status.PENDING)
        self.generation += 1
        self.idempotency_key = self.key_for(self.generation)
        self.submitted_at = None
        self.attempts = 0
        self.provider_ref = ""
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

    def _lease(self, at: datetime) -> None:
        self.attempts += 1
        self.lease_until = at + settings.PAYMENT_LEASE
