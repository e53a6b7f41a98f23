"""What an invoice owes the merchant instead of asking for: transferred by staff, once."""

from datetime import datetime
from typing import TYPE_CHECKING

from apps.billing import choices
from apps.billing.models import Invoice, MerchantPayout
from apps.core.money import Money
from apps.payments.limits import needs_second_person

if TYPE_CHECKING:
    from apps.users.models import User


def owe_payout(invoice: Invoice) -> MerchantPayout | None:
    """Inside the close: the transfer that the invoice's own line announces."""
    line = invoice.lines.filter(kind=choices.Fee.Kind.PAID_OUT).first()
    if line is None:
        return None
    payout = MerchantPayout(
        merchant_id=invoice.merchant_id,
        invoice=invoice,
        currency=invoice.currency,
        amount_minor=line.net_minor,
        needs_second_person=needs_second_person(Money(line.net_minor, invoice.currency)),
    )
    payout.save(force_insert=True)
    payout.record(choices.Event.PAYOUT_OWED, invoice=invoice.code, **payout.amount.as_json())
    return payout


def approve_payout(payout: MerchantPayout, by: "User") -> None:
    payout.approve(by)


def confirm_payout(payout: MerchantPayout, reference: str, by: "User", at: datetime) -> None:
    """The bank carried it out; the same reference again is the same transfer.

    Raises SecondPersonNeeded, or PayoutDiffers where it was paid under another reference.
    """
    payout.pay(reference, by, at)
