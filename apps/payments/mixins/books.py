"""What a payment tells the books and the timeline at each of its steps."""

from datetime import datetime
from typing import TYPE_CHECKING, override
from uuid import UUID

from django.db import models

from apps.core.errors import Detail
from apps.core.money import Money
from apps.events import recorder
from apps.events.models import Event
from apps.events.recorder import RecordsEvents
from apps.payments import choices
from apps.payments.modules.ledger import postings
from apps.payments.modules.ledger import services as ledger

SUBJECT = "payments.payment"


class BooksMixin(RecordsEvents):
    if TYPE_CHECKING:
        pk: UUID
        merchant_id: UUID
        order_id: UUID
        ret_id: UUID | None
        gateway: str
        purpose: str
        generation: int
        amount: Money

    class Meta:
        abstract = True

    @property
    def source(self) -> ledger.Source:
        return ledger.Source(self.merchant_id, SUBJECT, self.pk)

    @override
    def record(self, kind: str, **payload: Detail) -> Event:
        """Every gateway's payments are one subject, and each event says what it is about."""
        facts: dict[str, Detail] = {
            "order": str(self.order_id),
            "return": str(self.ret_id) if self.ret_id else None,
            "gateway": self.gateway,
            "purpose": self.purpose,
            **self.amount.as_json(),
        }
        return recorder.record(SUBJECT, self.pk, self.merchant_id, kind, {**facts, **payload})

    @property
    @override
    def timeline(self) -> models.QuerySet[Event]:
        return Event.objects.about(SUBJECT, self.pk)

    @property
    def is_platforms(self) -> bool:
        """Paid with the platform's own money, from its own bank account."""
        advance = choices.Payment.Purpose.ADVANCE
        return self.purpose == advance and self.gateway == postings.PLATFORM_PAYS_BY

    def post_advanced(self, at: datetime) -> None:
        legs = (
            postings.move(postings.ADVANCE_PROMISED, self.amount)
            if self.is_platforms
            else postings.advanced(self.purpose, self.amount)
        )
        ledger.post(self.source, "promised", legs, at)

    def post_instead(self, at: datetime, *, of_goods: bool) -> None:
        """The debt for goods that ran out; `of_goods`: they were posted as handed out."""
        sides = postings.PAID_INSTEAD if of_goods else postings.PAID_INSTEAD_OF_NONE
        ledger.post(self.source, "promised", postings.move(sides, self.amount), at)

    def booked(self, account: str) -> str:
        """Where this payment books what others book on `account`."""
        return account

    def post_promised(self, at: datetime) -> None:
        """The debt of a refund that no return worked out."""
        zero = Money.zero(self.amount.currency)
        parts = postings.Promise(refund=self.amount, fees=zero, new_goods=zero, bonus=zero)
        ledger.post(self.source, "promised", postings.promised(parts), at)

    def post_cancelled(self, at: datetime) -> None:
        """That debt is gone again; DoesNotExist when a return worked it out."""
        ledger.reverse(ledger.get(self.source, "promised"), "cancelled", at)

    def post_sent(self, at: datetime) -> None:
        sides = postings.ADVANCE_SENT if self.is_platforms else postings.SENT.get(self.gateway)
        if sides:
            ledger.post(self.source, self._kind("sent"), self._legs(sides), at)

    def post_succeeded(self, at: datetime) -> None:
        by_platform = self.is_platforms
        sides = postings.ADVANCE_ARRIVED if by_platform else postings.SUCCEEDED[self.gateway]
        ledger.post(self.source, self._kind("succeeded"), self._legs(sides), at)

    def post_failed(self, at: datetime) -> None:
        if sent := ledger.find(self.source, self._kind("sent")):
            ledger.reverse(sent, self._kind("failed"), at)

    def post_returned(self, at: datetime) -> None:
        """The money is back and the debt is open again; net effect of both zero (I-23)."""
        by_platform = self.is_platforms
        sides = postings.ADVANCE_RETURNED if by_platform else postings.RETURNED[self.gateway]
        legs = self._legs(sides)
        paid = ledger.find(self.source, self._kind("succeeded"))
        ledger.post(self.source, self._kind("returned"), legs, at, reverses=paid)

    def _legs(self, sides: postings.Sides) -> postings.Legs:
        debit, credit = sides
        return postings.move((self.booked(debit), self.booked(credit)), self.amount)

    def _kind(self, step: str) -> str:
        return f"{step}.{self.generation}"
