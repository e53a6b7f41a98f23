"""Settling a refund as store credit: the return's account is opened or raised."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.db import models

from apps.core.fields import Sealed
from apps.core.ids import uuid7
from apps.payments import choices
from apps.payments.dtos import Answer
from apps.payments.gateways.store_credit.account import aad
from apps.payments.gateways.store_credit.codes import code_hash, new_code

if TYPE_CHECKING:
    from apps.core.money import Money
    from apps.orders.models import Order
    from apps.payments.gateways.store_credit.models import StoreCreditAccount


class CreditRefundMixin(models.Model):
    if TYPE_CHECKING:
        merchant_id: UUID
        store_id: UUID
        order: Order
        ret_id: UUID | None
        currency: str
        amount: Money
        idempotency_key: str
        credit_expires_at: datetime | None

    class Meta:
        abstract = True

    def call(self) -> Answer:
        return Answer(choices.Payment.Outcome.SUCCEEDED, provider_ref=self.idempotency_key)

    def ask(self) -> Answer:
        """Credit exists only once the payment is settled, so an open one was never given."""
        return Answer(choices.Payment.Outcome.ABSENT)

    def arrange(self, at: datetime) -> None:
        self._account(at).raise_by(self.amount, self.pk, at)

    def _account(self, at: datetime) -> "StoreCreditAccount":
        """The open account of this return, so that one return gives one code."""
        from apps.payments.gateways.store_credit.models import StoreCreditAccount

        if self.ret_id is None:
            account = StoreCreditAccount(**self._opening(at))
            account.save(force_insert=True)
            return account
        held = StoreCreditAccount.objects.filter(merchant_id=self.merchant_id, ret_id=self.ret_id)
        for stale in held.run_out(at):
            stale.expire(at)
        return held.get_or_create(
            ret_id=self.ret_id,
            currency=self.currency,
            voided_at=None,
            expired_at=None,
            defaults=self._opening(at),
        )[0]

    def _opening(self, at: datetime) -> dict[str, object]:
        code, pk = new_code(), uuid7()
        return {
            "id": pk,
            "merchant_id": self.merchant_id,
            "store_id": self.store_id,
            "customer_id": self.order.customer_id,
            "ret_id": self.ret_id,
            "code": Sealed.seal(code, aad(pk)),
            "code_hash": code_hash(code),
            "code_hint": code[-4:],
            "currency": self.currency,
            "expires_at": self.credit_expires_at or at + settings.STORE_CREDIT_LIFETIME,
        }
