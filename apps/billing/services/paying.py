"""An invoice paid on a page of Stripe's: opened when it is asked for, looked at until it ends."""

import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.db import transaction

from apps.billing import choices
from apps.billing.dtos import Receipt
from apps.billing.mixins.settling import NotPayable
from apps.billing.models import Invoice, InvoicePage
from apps.core.errors import DomainError
from apps.core.verbs import lock
from apps.payments import services as payments
from apps.payments.gateways.stripe.facts import PageAsked, Refused, SessionFacts
from apps.payments.gateways.stripe.mappers import to_stripe
from apps.payments.refusals import NoAnswer

if TYPE_CHECKING:
    from apps.payments.gateways.stripe.client import Client

logger = logging.getLogger(__name__)
Status = choices.InvoicePage.Status


class NotPayableOnline(DomainError):
    code = "invoice_not_payable_online"
    title = "No page to pay on could be opened; please pay by bank transfer"
    status = 409


def open_page(invoice: Invoice, at: datetime) -> InvoicePage:
    """The page on which what is due is paid, opened now or before. Outside of a transaction.

    Raises NotPayable, NoPlatformAccount, or NotPayableOnline. Asked again it is the same page.
    """
    client = payments.platform_account(invoice.merchant).client()
    try:
        for page in InvoicePage.objects.filter(invoice=invoice).open():
            _look_at(page, client, at)
        return _opened(_promised(invoice, at), client)
    except NoAnswer as silence:
        raise NotPayableOnline(reason="no_answer") from silence


def _opened(page: InvoicePage, client: "Client") -> InvoicePage:
    if page.status == Status.OPENING:
        try:
            facts = client.open_page(_asked(page))
        except Refused as refused:
            page.end(Status.FAILED, refused.code)
            raise NotPayableOnline(reason=refused.code) from refused
        page.offer(facts.id, facts.url, datetime.fromtimestamp(facts.expires_at, UTC))
    return page


def close_pages(invoice: Invoice, at: datetime) -> None:
    """Those that are needless now; raises NoAnswer or Refused."""
    for page in InvoicePage.objects.filter(invoice=invoice).open():
        client = payments.platform_account(page.merchant).client()
        _look_at(page, client, at)


def look_at_pages(at: datetime) -> int:
    """What became of the pages that are open; how many ended."""
    ended = 0
    for page in InvoicePage.objects.open().select_related("invoice__merchant"):
        try:
            client = payments.platform_account(page.merchant).client()
            ended += _look_at(page, client, at)
        except (NoAnswer, Refused) as error:
            logger.warning("could not ask for %s: %r", page, error)
    return ended


def _look_at(page: InvoicePage, client: "Client", at: datetime) -> bool:
    """Whether it ended. One whose answer was lost and whose time is over was seen by nobody."""
    if page.status == Status.OPENING:
        if page.link_until > at:
            return False
        page.end(Status.FAILED, "no_answer")
        return True
    facts = client.page(page.session_id)
    if facts.status == "open" and _is_needless(page):
        facts = _closed(client, page)
    return _follow(page, facts, at)


def hear_page(merchant_id: UUID, facts: SessionFacts, at: datetime) -> None:
    """Stripe told of a page, and was asked; one that is not ours, or has ended, is passed by."""
    pages = InvoicePage.objects.open().filter(merchant_id=merchant_id, session_id=facts.id)
    for page in pages.exclude(session_id=""):
        _follow(page, facts, at)


def _follow(page: InvoicePage, facts: SessionFacts, at: datetime) -> bool:
    if facts.is_paid:
        _settle(page, facts, at)
    elif facts.status == "expired":
        page.end(Status.EXPIRED)
    return page.status not in choices.InvoicePage.OPEN


def _is_needless(page: InvoicePage) -> bool:
    """Paid another way, in part or whole, or credited: the page asks for too much."""
    payable = Invoice.objects.payable_online().filter(pk=page.invoice_id).first()
    return payable is None or payable.due != page.amount


def _closed(client: "Client", page: InvoicePage) -> SessionFacts:
    try:
        return client.close_page(page.session_id)
    except Refused:
        return client.page(page.session_id)


@transaction.atomic
def _settle(page: InvoicePage, facts: SessionFacts, at: datetime) -> None:
    """Money that nothing is due for any more is for a person to give back."""
    invoice = Invoice.objects.get(pk=page.invoice_id)
    lock(invoice)
    lock(page)
    if page.status not in choices.InvoicePage.OPEN:
        return
    believed = (facts.amount, facts.currency) == (to_stripe(page.amount), page.currency)
    payable = (*choices.Invoice.OPEN, choices.Invoice.Status.UNCOLLECTIBLE)
    if not believed or invoice.status not in payable or page.amount > invoice.due:
        logger.critical("%s was paid at Stripe (%s) and is not due", page, facts.intent)
        page.end(Status.SURPLUS, facts.intent)
        return
    method = choices.InvoicePayment.Method.STRIPE
    invoice.receive(Receipt(amount=page.amount, reference=facts.intent, method=method), at)
    page.end(Status.PAID)


@transaction.atomic
def _promised(invoice: Invoice, at: datetime) -> InvoicePage:
    lock(invoice)
    if not Invoice.objects.payable_online().filter(pk=invoice.pk).exists():
        raise NotPayable(status=invoice.status)
    known = InvoicePage.objects.filter(invoice=invoice).open().first()
    if known is not None:
        return known
    page = InvoicePage(
        merchant_id=invoice.merchant_id,
        invoice=invoice,
        currency=invoice.currency,
        amount_minor=invoice.due.minor,
        link_until=at + settings.PAY_LINK_LIFETIME,
    )
    page.save(force_insert=True)
    return page


def _asked(page: InvoicePage) -> PageAsked:
    return PageAsked(
        label=f"Invoice {page.invoice.code}",
        currency=page.currency,
        amount=to_stripe(page.amount),
        back_to=settings.PORTAL_URL,
        expires_at=int(page.link_until.timestamp()),
        metadata={"reference": page.key, "invoice": str(page.invoice_id)},
        key=page.key,
    )
