"""A return whose new goods cost more: it waits here until the shopper has paid the difference."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models

from apps.core.errors import DomainError
from apps.core.models import MoneyOf
from apps.core.money import Money
from apps.core.verbs import verb
from apps.orders import choices
from apps.orders.mixins.cancellation import CancellationMixin

NOT_PAID = "not_paid"


class PaymentOutstanding(DomainError):
    code = "payment_outstanding"
    title = "The shopper has not paid the difference yet"
    status = 409


class PrepaymentMixin(CancellationMixin):
    due_minor = models.BigIntegerField(default=0)
    paid_minor = models.BigIntegerField(default=0)
    pay_until = models.DateTimeField(null=True, blank=True)
    needs_approval = models.BooleanField(default=False)

    due = MoneyOf("due_minor")
    paid = MoneyOf("paid_minor")

    if TYPE_CHECKING:
        number: str
        requested_at: datetime
        opened_at: datetime | None
        refund_method: str
        net: Money

    class Meta:
        abstract = True

    @property
    def is_waiting_for_payment(self) -> bool:
        return self.status == choices.Return.Status.REQUESTED and self.pay_until is not None

    def refuse_unpaid(self) -> None:
        if self.pay_until is not None:
            raise PaymentOutstanding(due=dict(self.due.as_json()))

    @verb
    def note_paid(self, total: Money, at: datetime) -> None:
        """What the shopper has paid in all; enough of it, and the return goes on, once."""
        self.paid = total
        if not self.is_waiting_for_payment or total < self.due:
            return
        self.pay_until = None
        if not self.needs_approval:
            self.become(choices.Return.Status.IN_PROGRESS)
            self.opened_at = at
            if self.expires_at is not None:
                self.expires_at += at - self.requested_at
        waits = self.needs_approval
        self.record(
            choices.Event.RETURN_REQUESTED if waits else choices.Event.RETURN_OPENED,
            number=self.number,
            net=dict(self.net.as_json()),
            refund_method=self.refund_method,
        )

    @verb
    def lapse_unpaid(self, at: datetime) -> bool:
        """Cancelled, its units and goods free again; False when it was paid or ended meanwhile."""
        if not self.is_waiting_for_payment:
            return False
        self.cancel(at, NOT_PAID)
        return True
