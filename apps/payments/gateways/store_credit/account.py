"""A credit account is raised, spent in parts, voided or runs out; each change is posted."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import models

from apps.core.errors import DomainError
from apps.core.fields import Sealed
from apps.core.money import Money
from apps.core.verbs import verb
from apps.events.recorder import RecordsEvents
from apps.payments import choices
from apps.payments.modules.ledger import postings
from apps.payments.modules.ledger import services as ledger

if TYPE_CHECKING:
    from apps.payments.gateways.store_credit.models import StoreCreditMovement

Movement = choices.StoreCredit.Movement


def aad(pk: UUID) -> str:
    return f"payments_storecreditaccount:{pk}"


class CreditClosed(DomainError):
    code = "store_credit_closed"
    title = "The store credit was voided or has run out"
    status = 409


class CreditTooSmall(DomainError):
    code = "store_credit_too_small"
    title = "The store credit holds less than was asked for"
    status = 409


class SameReferenceOtherAmount(DomainError):
    code = "same_reference_other_amount"
    title = "The reference was used before, with another amount"
    status = 409


class CreditAccountMixin(RecordsEvents):
    if TYPE_CHECKING:
        merchant_id: UUID
        code: Sealed | None
        currency: str
        balance: Money
        issued: Money
        spent: Money
        voided: Money
        expired: Money
        expires_at: datetime
        voided_at: datetime | None
        expired_at: datetime | None

        @property
        def movements(self) -> models.QuerySet[StoreCreditMovement]: ...

    class Meta:
        abstract = True

    def is_open(self, at: datetime) -> bool:
        return self.voided_at is None and self.expired_at is None and at < self.expires_at

    def reveal(self) -> str:
        """The code in plain text, for the shopper's own eyes."""
        return "" if self.code is None else str(self.code.open(aad(self.pk)))

    @verb
    def raise_by(self, amount: Money, payment_id: UUID, at: datetime) -> None:
        """More credit from a payment, which posts it; once for each payment."""
        if self._made_before(Movement.ISSUE, str(payment_id), amount):
            return
        self.issued, self.balance = self.issued + amount, self.balance + amount
        self._write(Movement.ISSUE, str(payment_id), amount, at, payment_id)
        self._tell(choices.Event.CREDIT_ISSUED, amount)

    @verb
    def spend(self, amount: Money, reference: str, at: datetime) -> None:
        """Part or all of it on the order `reference`; the same call again changes nothing."""
        if self._made_before(Movement.SPEND, reference, amount):
            return
        if not self.is_open(at):
            raise CreditClosed(credit=str(self.pk))
        if amount > self.balance or amount <= Money.zero(self.currency):
            left = dict(self.balance.as_json())
            raise CreditTooSmall(left={**left}, asked={**amount.as_json()})
        self.spent, self.balance = self.spent + amount, self.balance - amount
        move = self._write(Movement.SPEND, reference, amount, at)
        self._post(move, postings.CREDIT_SPENT)
        self._tell(choices.Event.CREDIT_SPENT, amount, reference=reference)

    @verb
    def withdraw(self, most: Money, reference: str, at: datetime) -> Money:
        """Take back what is unused, at most so much, and leave the rest to be spent; says how much
        it was. The same reference again takes nothing more."""
        before = self.movements.filter(kind=Movement.VOID, reference=reference).first()
        if before is not None:
            return before.amount
        amount = self.balance.capped(most) if self.is_open(at) else Money.zero(self.currency)
        if amount:
            self.voided, self.balance = self.voided + amount, self.balance - amount
            self._post(self._write(Movement.VOID, reference, amount, at), postings.CREDIT_FORFEITED)
            self._tell(choices.Event.CREDIT_VOIDED, amount, reason="advance")
        return amount

    @verb
    def void(self, reason: str, at: datetime) -> Money:
        """Close it and say how much was left; zero when it was closed before."""
        if self.voided_at or self.expired_at:
            return Money.zero(self.currency)
        self.voided_at = at
        left = self.balance
        self.voided, self.balance = self.voided + left, Money.zero(self.currency)
        self._forfeit(Movement.VOID, left, at)
        self._tell(choices.Event.CREDIT_VOIDED, left, reason=reason)
        return left

    @verb
    def expire(self, at: datetime) -> bool:
        """False when its time has not come or it was closed before."""
        if self.voided_at or self.expired_at or at < self.expires_at:
            return False
        self.expired_at = at
        left = self.balance
        self.expired, self.balance = self.expired + left, Money.zero(self.currency)
        self._forfeit(Movement.EXPIRE, left, at)
        self._tell(choices.Event.CREDIT_EXPIRED, left)
        return True

    def _forfeit(self, kind: str, left: Money, at: datetime) -> None:
        if left:
            self._post(self._write(kind, kind, left, at), postings.CREDIT_FORFEITED)

    def _made_before(self, kind: str, reference: str, amount: Money) -> bool:
        made = self.movements.filter(kind=kind, reference=reference).first()
        if made is not None and made.amount != amount:
            raise SameReferenceOtherAmount(reference=reference)
        return made is not None

    def _write(
        self, kind: str, reference: str, amount: Money, at: datetime, payment: UUID | None = None
    ) -> "StoreCreditMovement":
        return self.movements.create(
            merchant_id=self.merchant_id,
            payment_id=payment,
            kind=kind,
            reference=reference,
            currency=self.currency,
            amount_minor=amount.minor,
            at=at,
        )

    def _post(self, move: "StoreCreditMovement", sides: postings.Sides) -> None:
        source = ledger.Source(self.merchant_id, move._meta.label_lower, move.pk)
        ledger.post(source, move.kind, postings.move(sides, move.amount), move.at)

    def _tell(self, kind: str, amount: Money, **payload: str) -> None:
        self.record(kind, **amount.as_json(), **payload)
