"""How an invoice is paid, and comes back unpaid."""

from datetime import datetime
from typing import TYPE_CHECKING

from apps.billing import choices
from apps.billing.dtos import Receipt
from apps.billing.mixins.writing_off import WritingOffMixin
from apps.core.errors import DomainError
from apps.core.money import Money
from apps.core.verbs import verb
from apps.payments.modules.ledger import services as ledger
from apps.payments.modules.ledger.postings import (
    CREDIT_NOTE_PAID,
    INVOICE_PAID,
    INVOICE_PAID_BY_STRIPE,
    Sides,
    move,
)

if TYPE_CHECKING:
    from django.db import models

    from apps.billing.models import InvoicePayment

PAYMENT = "billing.invoicepayment"


class PaymentAboveDue(DomainError):
    code = "payment_above_due"
    title = "More came than the invoice still asks for"
    status = 409


class PaymentDiffers(DomainError):
    code = "payment_differs"
    title = "A payment with this reference is written down with another amount"
    status = 409


class NotPayable(DomainError):
    code = "invoice_not_payable"
    title = "Nothing is to be paid on this document"
    status = 409


class SettlingMixin(WritingOffMixin):
    if TYPE_CHECKING:
        dunning: str

        @property
        def payments(self) -> models.QuerySet[InvoicePayment]: ...

    class Meta:
        abstract = True

    @verb
    def receive(self, receipt: Receipt, at: datetime) -> "InvoicePayment":
        """Write a payment down, whole or in part; the same reference again is the same payment.

        Of a credit note it is what was paid out to the merchant.
        """
        known = self.payments.filter(reference=receipt.reference).first()
        if known is not None:
            if known.amount != receipt.amount:
                raise PaymentDiffers(reference=receipt.reference, known={**known.amount.as_json()})
            return known
        self._check_payable(receipt.amount)
        if self.status == choices.Invoice.Status.UNCOLLECTIBLE:
            self.take_up_again(at)
        payment = self._enter(receipt, at)
        self.close_when_settled(at)
        if self.status == choices.Invoice.Status.PAID:
            self.dunning = choices.Invoice.Dunning.NONE
        return payment

    @verb
    def lose(self, payment: "InvoicePayment", code: str, at: datetime) -> "InvoicePayment":
        """A direct debit came back after it was collected: the invoice is open again."""
        if self.status == choices.Invoice.Status.PAID:
            self.become(choices.Invoice.Status.ISSUED)
            self.paid_at = None
        back = Receipt(
            amount=-payment.amount,
            reference=f"{payment.reference[:50]}-returned",
            method=payment.method,
        )
        entry = self._enter(back, at)
        self.record(choices.Event.INVOICE_PAYMENT_RETURNED, code=code)
        return entry

    def _check_payable(self, amount: Money) -> None:
        payable = (*choices.Invoice.OPEN, choices.Invoice.Status.UNCOLLECTIBLE)
        if self.status not in payable:
            raise NotPayable(status=self.status)
        if amount > self.due or amount.minor <= 0:
            raise PaymentAboveDue(due={**self.due.as_json()}, came={**amount.as_json()})

    def _enter(self, receipt: Receipt, at: datetime) -> "InvoicePayment":
        from apps.billing.models import InvoicePayment

        payment = InvoicePayment(
            merchant_id=self.merchant_id,
            invoice_id=self.id,
            method=receipt.method,
            currency=receipt.amount.currency,
            amount_minor=receipt.amount.minor,
            reference=receipt.reference,
            recorded_by=receipt.by,
            at=at,
        )
        payment.save(force_insert=True)
        self.paid = self.paid + receipt.amount
        source = ledger.Source(self.merchant_id, PAYMENT, payment.id)
        ledger.post(source, "received", move(self._sides(receipt), receipt.amount), at)
        kind = choices.Event.INVOICE_PAYMENT_RECEIVED
        if self.is_credit_note:
            kind = choices.Event.CREDIT_NOTE_REFUNDED
        if receipt.amount.minor > 0:
            self.record(kind, reference=receipt.reference, **receipt.amount.as_json())
        return payment

    def _sides(self, receipt: Receipt) -> Sides:
        if self.is_credit_note:
            return CREDIT_NOTE_PAID
        by_stripe = receipt.method in choices.InvoicePayment.BY_STRIPE
        return INVOICE_PAID_BY_STRIPE if by_stripe else INVOICE_PAID
