from datetime import timedelta
from typing import ClassVar, override

from apps.core.http import HttpError
from apps.integrations import hooks
from apps.integrations.dtos import (
    RefundConnector,
    RefundDeclined,
    RefundOrder,
    RefundReceipt,
)
from apps.payments import choices
from apps.payments.dtos import Answer
from apps.payments.managers import PlatformRefundManager
from apps.payments.models import Payment
from apps.payments.refusals import NoAnswer, NotPaidThere

Outcome = choices.Payment.Outcome


class PlatformRefund(Payment):
    """Made by the shop's platform, which knows the order's payments and has a cap of its own."""

    CAN_COME_BACK: ClassVar[bool] = True
    AT_SHOP: ClassVar[bool] = True
    # Not every platform knows a key: after the first call it is only ever looked for.
    KEY_LIFE: ClassVar[timedelta | None] = timedelta(0)
    ASKED_EVERY: ClassVar[timedelta | None] = timedelta(hours=1)

    # A manager of its own class, where mypy wants the parent's.
    objects = PlatformRefundManager()  # type: ignore[misc, assignment]

    def draw_on_tender(self) -> None:
        """Raises NotPaidThere."""
        if self.tender is None or hooks.refunds_of(self.store) is None:
            raise NotPaidThere(order=str(self.order_id), gateway=self.gateway)

    @override
    def call(self) -> Answer:
        """An amount above the platform's own maximum is refused, never trimmed."""
        connector, order = self._connector(), self._order()
        try:
            most = connector.max_refundable(order.order_id, order.payment_id)
            if most.currency != order.amount.currency or order.amount > most:
                return Answer(Outcome.FAILED, failure_code="above_platform_maximum")
            return self._answer(connector.create_refund(order))
        except RefundDeclined as declined:
            return Answer(Outcome.FAILED, failure_code=declined.code[:60])
        except HttpError as error:
            raise NoAnswer from error

    @override
    def ask(self) -> Answer:
        try:
            found = self._connector().find_refund(self._order())
        except RefundDeclined as declined:
            return Answer(Outcome.FAILED, failure_code=declined.code[:60])
        except HttpError as error:
            raise NoAnswer from error
        return Answer(Outcome.ABSENT) if found is None else self._answer(found)

    def _answer(self, receipt: RefundReceipt) -> Answer:
        """Another sum than was asked for is never believed: somebody must look (I-16)."""
        if receipt.amount != self.amount:
            return Answer(Outcome.UNKNOWN)
        outcome = Outcome.SUCCEEDED if receipt.is_done else Outcome.IN_TRANSIT
        # The platform counts its refunds by shop: two shops may both have a first one.
        return Answer(outcome, provider_ref=f"{self.store_id.hex}:{receipt.id}"[:160])

    def _connector(self) -> RefundConnector:
        """NoAnswer where the shop was disconnected since: nobody can ask."""
        connector = hooks.refunds_of(self.store)
        if connector is None:
            raise NoAnswer
        return connector

    def _order(self) -> RefundOrder:
        return RefundOrder(
            order_id=self.order.external_id,
            payment_id=self.tender.external_id if self.tender else "",
            amount=self.amount,
            reference=self.idempotency_key,
        )
