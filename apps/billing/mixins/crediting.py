"""A credit note takes from its invoice; what of it was unpaid is set off, the rest paid out."""

from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from apps.billing import choices
from apps.billing.mixins.settling import SettlingMixin
from apps.core.errors import DomainError
from apps.core.money import Money
from apps.core.verbs import lock, verb

if TYPE_CHECKING:
    from apps.billing.models import Invoice
    from apps.users.models import User


class CreditAboveInvoice(DomainError):
    code = "credit_above_invoice"
    title = "More would be credited than the invoice still holds"
    status = 409


class SecondPersonNeeded(DomainError):
    code = "second_person_needed"
    title = "Another person than the one who asked for it must approve this sum"
    status = 403


class CreditingMixin(SettlingMixin):
    if TYPE_CHECKING:
        original: Invoice | None
        original_id: UUID | None
        reason: str

    class Meta:
        abstract = True

    @property
    def creditable(self) -> Money:
        return self.total - self.credited

    @verb
    def take_credit(self, note: Money, code: str, at: datetime) -> Money:
        """What of `note` is set off against what was unpaid; the rest was paid already."""
        if note > self.creditable:
            raise CreditAboveInvoice(left={**self.creditable.as_json()}, wanted={**note.as_json()})
        set_off = note.capped(self.due.at_least_zero())
        self.credited = self.credited + note
        if not self.creditable:
            self.become(choices.Invoice.Status.CREDITED)
        self.record(choices.Event.INVOICE_CREDITED, by=code, **note.as_json())
        # Paid in part and credited in part, it is settled.
        self.close_when_settled(at)
        return set_off

    @verb
    def approve(self, by: "User", day: date, at: datetime) -> None:
        """Issue a drafted credit note; above the limit not by the one who asked for it (I-40)."""
        if self.needs_second_person and by.pk == self.requested_by_id:
            raise SecondPersonNeeded(total={**self.total.as_json()})
        original = self._original()
        self.approved_by_id = by.pk
        self.issue_note(original, day, at)

    def issue_note(self, original: "Invoice", day: date, at: datetime) -> None:
        """Inside a verb, with the original locked: number it, and take it from the original."""
        lock(original)
        if self.total > original.creditable:
            raise CreditAboveInvoice(
                left={**original.creditable.as_json()}, wanted={**self.total.as_json()}
            )
        self.credited = self.total.capped(original.due.at_least_zero())
        self.issue(day, at)
        original.take_credit(self.total, self.code, at)

    def _original(self) -> "Invoice":
        if self.original is None:
            raise TypeError("only a credit note is approved")
        return self.original
