"""`manage.py close_sandbox_month`: the running month as if it were over, and its money as if paid.

The clock of a sandbox is not moved over HTTP; this is how its merchant gets an invoice today.
"""

from argparse import ArgumentParser
from datetime import date, datetime
from typing import Any, override

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.accounts.models import Merchant
from apps.billing import services
from apps.billing.calculator.periods import month_after, month_of
from apps.billing.dtos import Receipt
from apps.billing.helpers import day_of, start_of
from apps.billing.models import ClosedMonth, Invoice, MerchantPayout
from apps.core import clock
from apps.users.models import User


class Command(BaseCommand):
    help = "Close the sandbox merchant's running month; with --paid, settle an invoice of it."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("merchant", help="slug")
        parser.add_argument("--paid", metavar="CODE", help="the invoice whose money came or went")

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.SANDBOX:
            raise CommandError("months are closed early on development machines only")
        merchant = Merchant.objects.get(slug=options["merchant"])
        if options["paid"]:
            self._settle(Invoice.objects.for_merchant(merchant).get(code=options["paid"]))
            return
        month = _next_open(merchant, day_of(clock.now()))
        for invoice in services.close_month(merchant, month, start_of(month_after(month))):
            services.document_of(invoice)
            self.stdout.write(invoice.code)

    def _settle(self, invoice: Invoice) -> None:
        at = _after(invoice)
        payout = MerchantPayout.objects.filter(invoice=invoice).first()
        if payout is not None:
            staff = User.objects.filter(is_staff=True).order_by("id").first()
            if staff is None:
                raise CommandError("nobody of the staff is there to confirm a transfer")
            services.confirm_payout(payout, f"sandbox-{invoice.code}", staff, at)
        if invoice.due:
            receipt = Receipt(amount=invoice.due, reference=f"sandbox-{invoice.code}")
            services.confirm_transfer(invoice, receipt, at)
        self.stdout.write(invoice.code)


def _next_open(merchant: Merchant, today: date) -> date:
    """This month, or the one after the last that was closed."""
    last = ClosedMonth.objects.for_merchant(merchant).order_by("-period").first()
    running = month_of(today)
    return running if last is None else max(running, month_after(last.period))


def _after(invoice: Invoice) -> datetime:
    return max(clock.now(), start_of(invoice.issued_on or day_of(clock.now())))
