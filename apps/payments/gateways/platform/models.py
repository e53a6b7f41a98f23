from datetime import timedelta
from typing import ClassVar, override

from apps.core.http import HttpError
from apps.integrations import connecting
from apps.integrations.connectors import AccessLost
from apps.integrations.dtos import (
    RefundConnector,
    RefundDeclined,
    RefundOrder,
    RefundReceipt,
    UnitsOf,
)
from apps.orders import choices as orders
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
        if self.tender is None or connecting.refunds_of(self.store) is None:
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
        except AccessLost as lost:
            # Whoever may not look has not seen that it failed.
            raise NoAnswer from lost
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
        connector = connecting.refunds_of(self.store)
        if connector is None:
            raise NoAnswer
        return connector

    def _order(self) -> RefundOrder:
        return RefundOrder(
            order_id=self.order.external_id,
            payment_id=self.tender.external_id if self.tender else "",
            amount=self.amount,
            reference=self.idempotency_key,
            lines=self._units(),
            note=f"Return {self.ret.number}" if self.ret else "",
        )

    def _units(self) -> tuple[UnitsOf, ...]:
        """What came back, told once: with the first part of a refund that has several."""
        refund = choices.Payment.Purpose.REFUND
        if self.ret is None or self.purpose != refund or self._is_told_by_another():
            return ()
        wish = orders.ReturnLineItem.Wish.REFUND
        lines = self.ret.lines.accepted().filter(wish=wish).select_related("line_item", "reason")
        return tuple(
            UnitsOf(
                line_id=line.line_item.external_id,
                quantity=line.quantity,
                reason=line.reason.code if line.reason else "",
            )
            for line in lines
        )

    def _is_told_by_another(self) -> bool:
        parts = PlatformRefund.objects.filter(ret=self.ret, purpose=self.purpose, pk__lt=self.pk)
        return parts.exclude(status=choices.Payment.Status.FAILED).exists()
