"""Credit is given at the shop once for each key, and taken back there whole or not at all."""

import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar, override
from uuid import UUID

from django.conf import settings

from apps.core.fields import Sealed
from apps.core.http import HttpError
from apps.core.verbs import verb
from apps.integrations import asking, connecting
from apps.integrations.connectors import AccessLost, Declined
from apps.orders.models import Order
from apps.payments import choices
from apps.payments.dtos import Answer
from apps.payments.mixins.sending import SendingMixin
from apps.payments.modules.ledger import postings
from apps.payments.modules.ledger import services as ledger
from apps.payments.refusals import NoAnswer

if TYPE_CHECKING:
    from apps.accounts.models import Store

logger = logging.getLogger(__name__)
Outcome, Status = choices.Payment.Outcome, choices.Payment.Status


class GivingMixin(SendingMixin):
    CAN_COME_BACK: ClassVar[bool] = True
    # The connector makes one credit for each reference, however late it is asked again.
    KEY_LIFE: ClassVar[timedelta | None] = None

    if TYPE_CHECKING:
        id: UUID
        store: Store
        store_id: UUID
        order: Order
        credit_id: str
        code: Sealed | None
        holder_id: str
        credit_expires_at: datetime | None
        voided_at: datetime | None
        kept_because: str

    class Meta:
        abstract = True

    @property
    def is_given(self) -> bool:
        return self.status == Status.SUCCEEDED and self.voided_at is None

    @override
    @verb
    def submit(self, at: datetime) -> bool:
        """Whose it is and when it runs out are fixed before the shop is asked: it is asked again
        in the same words."""
        taken = super().submit(at)
        if taken:
            self.holder_id = self._holder()
            self.credit_expires_at = at + settings.STORE_CREDIT_LIFETIME
        return taken

    @override
    def call(self) -> Answer:
        connector = connecting.connector_of(self.store)
        if connector is None:
            return self._refused("not_connected")
        try:
            return self._answer(connector.create_credit(self._asked()))
        except AccessLost as lost:
            return self._refused(lost.code)
        except Declined as declined:
            return Answer(Outcome.FAILED, failure_code=declined.code[:60])
        except HttpError as error:
            raise NoAnswer from error

    @override
    def ask(self) -> Answer:
        """Asking again under the same reference finds what was made: there is no other question."""
        return Answer(Outcome.ABSENT)

    def reveal(self) -> str:
        """What the shopper types, for their own eyes; empty for credit on an account."""
        return "" if self.code is None else str(self.code.open(self._aad))

    @verb
    def void(self, at: datetime) -> None:
        """The shop took all of it back; told again nothing changes."""
        if self.is_given:
            self.voided_at = at
            legs = self._legs(postings.SHOP_CREDIT_VOIDED)
            ledger.post(self.source, self._kind("voided"), legs, at)
            self.record(choices.Event.CREDIT_VOIDED)

    @verb
    def stay(self, code: str) -> None:
        """The shop did not take it back: some of it is spent, or it has another reason."""
        if self.is_given:
            self.kept_because = code

    @verb
    def restore(self, at: datetime) -> None:
        """It should not have been taken back: the debt is open again, to be paid by new credit."""
        ledger.reverse(ledger.get(self.source, self._kind("voided")), self._kind("restored"), at)
        self.come_back("voided", at)

    @override
    def _succeed(self, answer: Answer, at: datetime) -> None:
        if answer.credit is not None:
            self.credit_id = answer.credit.id[:120]
            if answer.credit.code:
                self.code = Sealed.seal(answer.credit.code, self._aad)
        super()._succeed(answer, at)

    def _asked(self) -> asking.CreditOrder:
        return asking.CreditOrder(
            amount=self.amount,
            customer_id=self.holder_id,
            email=self.order.email,
            reference=self.idempotency_key,
            expires_at=self.credit_expires_at,
        )

    def _answer(self, made: asking.PlatformCredit) -> Answer:
        """Another sum than was asked for is never believed: somebody must look (I-16)."""
        if made.amount != self.amount:
            logger.critical("credit %s is of %s, not %s", made.id, made.amount, self.amount)
            return Answer(Outcome.UNKNOWN)
        # Shops count their credit by themselves: two of them may both have a first one.
        reference = f"{self.store_id.hex}:{made.id}"[:160]
        return Answer(Outcome.SUCCEEDED, provider_ref=reference, credit=made)

    def _refused(self, code: str) -> Answer:
        """Whoever may not ask has not seen that an earlier call failed."""
        if self.attempts > 1:
            raise NoAnswer
        return Answer(Outcome.FAILED, failure_code=code)

    def _holder(self) -> str:
        """Empty where it may be the id of another person at another shop of the merchant."""
        customer = self.order.customer
        if customer is None:
            return ""
        elsewhere = Order.objects.filter(customer=customer).exclude(store_id=self.store_id)
        return "" if elsewhere.exists() else customer.external_id

    @property
    def _aad(self) -> str:
        return f"payments_shopcreditrefund:{self.pk}"
