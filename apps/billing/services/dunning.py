"""The daily look at what nobody paid."""

from datetime import datetime
from typing import TYPE_CHECKING

from apps.billing import choices
from apps.billing.helpers import day_of
from apps.billing.models import Invoice

if TYPE_CHECKING:
    from apps.accounts.models import Merchant


def dun_invoices(at: datetime) -> int:
    """One step at most for each invoice past its due date; how many took one."""
    day = day_of(at)
    return sum(invoice.dun(day, at) for invoice in Invoice.objects.overdue_on(day))


def is_suspended(merchant: "Merchant") -> bool:
    """Whether an invoice went through all its warnings unpaid; staff decide what follows."""
    suspended = choices.Invoice.Dunning.SUSPENDED
    return Invoice.objects.for_merchant(merchant).unpaid().filter(dunning=suspended).exists()
