"""Letters for the steps of dunning: written down, mailed, and marked; a lost run is made good."""

import logging
from datetime import datetime
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction

from apps.billing.helpers import day_of
from apps.billing.models import BillingProfile, DunningLetter, Invoice
from apps.billing.modules.documents.letters import Late, Link, letter_of
from apps.billing.modules.documents.speech import spoken_in
from apps.billing.services.documents import document_of, sheet_of
from apps.billing.services.paying import open_page
from apps.core.errors import DomainError
from apps.core.verbs import lock

logger = logging.getLogger(__name__)


def send_letters(at: datetime) -> int:
    """One for each step that nobody was told of; how many went out."""
    return sum(_send(invoice, at) for invoice in Invoice.objects.to_remind())


def _send(invoice: Invoice, at: datetime) -> bool:
    letter = _written(invoice, at)
    if letter is None:
        return False
    late = Late(letter.step, letter.due, _days_late(invoice, at))
    words = letter_of(sheet_of(invoice), late, _language(invoice), _link(invoice, at))
    mail = EmailMessage(
        words.subject,
        words.body,
        settings.DEFAULT_FROM_EMAIL,
        [letter.recipient],
        headers={"Message-ID": letter.message_id},
    )
    mail.attach(f"{invoice.code}.pdf", document_of(invoice), "application/pdf")
    try:
        mail.send()
    except (OSError, SMTPException):
        logger.exception("%s was not sent; it is tried again within the hour", letter)
        return False
    letter.mark_sent(at)
    return True


def _link(invoice: Invoice, at: datetime) -> Link | None:
    """The page to pay on; the letter goes without where there is none, or Stripe is silent."""
    try:
        page = open_page(invoice, at)
    except DomainError as refusal:
        logger.info("%s is dunned without a page to pay on: %s", invoice, refusal.code)
        return None
    return Link(page.url, page.link_until) if page.url else None


@transaction.atomic
def _written(invoice: Invoice, at: datetime) -> DunningLetter | None:
    """Under the lock of the invoice, so that what was paid meanwhile is dunned no more."""
    lock(invoice)
    if not Invoice.objects.to_remind().filter(pk=invoice.pk).exists():
        return None
    profile = BillingProfile.objects.for_merchant(invoice.merchant).first()
    recipient = (profile.email if profile else "") or invoice.buyer["email"]
    if not recipient:
        logger.warning("nobody can be told that %s is unpaid: no address", invoice)
        return None
    letter, _ = DunningLetter.objects.get_or_create(
        merchant_id=invoice.merchant_id,
        invoice=invoice,
        dunned_at=invoice.dunned_at or at,
        defaults={
            "step": invoice.dunning,
            "recipient": recipient,
            "currency": invoice.currency,
            "due_minor": invoice.due.minor,
        },
    )
    return letter


def _language(invoice: Invoice) -> str:
    """What the merchant reads by now; its invoice is attached as it was issued."""
    return invoice.merchant.language or spoken_in(invoice.buyer["country"])


def _days_late(invoice: Invoice, at: datetime) -> int:
    return (day_of(at) - invoice.due_on).days if invoice.due_on else 0
