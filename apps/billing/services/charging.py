"""Invoices charged to the merchant's saved card on the day they are due."""

import logging
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from apps.billing import choices
from apps.billing.dtos import Receipt
from apps.billing.helpers import day_of
from apps.billing.models import Invoice, InvoiceCharge, MerchantCard
from apps.billing.services.cards import refuse_card
from apps.billing.services.paying import close_pages
from apps.core.errors import DomainError
from apps.core.verbs import lock
from apps.payments import choices as payments
from apps.payments.gateways.stripe import takings
from apps.payments.gateways.stripe.facts import AccessRefused, ChargeAsked, IntentFacts, Refused
from apps.payments.gateways.stripe.mappers import to_stripe
from apps.payments.refusals import NoAnswer

if TYPE_CHECKING:
    from apps.payments.gateways.stripe.client import Client

logger = logging.getLogger(__name__)
Status = choices.InvoiceCharge.Status
Outcome = payments.Payment.Outcome


def charge_invoices(at: datetime) -> int:
    """What is due today and before, once for each invoice and card; how many were asked for."""
    asked = [_promised(invoice, at) for invoice in Invoice.objects.to_charge(day_of(at))]
    return sum(_tried(charge, at) for charge in asked if charge is not None)


def look_at_charges(at: datetime) -> int:
    """What became of those without an outcome; how many have one."""
    rows = InvoiceCharge.objects.open().select_related("card__stripe_account", "invoice__merchant")
    return sum(_tried(charge, at) and charge.status != Status.OPEN for charge in rows)


@transaction.atomic
def _promised(invoice: Invoice, at: datetime) -> InvoiceCharge | None:
    """The key is fixed here; from now on no page is opened, and nothing is dunned or debited."""
    lock(invoice)
    if not Invoice.objects.to_charge(day_of(at)).filter(pk=invoice.pk).exists():
        return None
    charge = InvoiceCharge(
        merchant_id=invoice.merchant_id,
        invoice=invoice,
        card=MerchantCard.objects.ready().get(merchant_id=invoice.merchant_id),
        currency=invoice.currency,
        amount_minor=invoice.due.minor,
        promised_at=at,
    )
    charge.save(force_insert=True)
    return charge


def _tried(charge: InvoiceCharge, at: datetime) -> bool:
    """False where Stripe was silent: it is asked about later."""
    try:
        client = charge.card.stripe_account.client()
        facts = _found(charge, client) if charge.called_at else None
        if facts is None and not charge.is_in_flight(at):
            facts = _called(charge, client, at)
        if facts is not None:
            _follow(charge, facts, at)
    except (NoAnswer, Refused, DomainError) as error:
        logger.warning("the outcome of %s is unknown: %r", charge, error)
        return False
    return True


def _found(charge: InvoiceCharge, client: "Client") -> IntentFacts | None:
    """By its id where we know it, else among the customer's intents by our key."""
    if charge.intent_id:
        return client.intent(charge.intent_id)
    intents = client.intents_of(charge.card.customer_ref)
    return next((each for each in intents if each.reference == charge.key), None)


def _called(charge: InvoiceCharge, client: "Client", at: datetime) -> IntentFacts | None:
    """Under the same key each time; None where it ended without a charge."""
    close_pages(charge.invoice, at)
    if not _is_wanted(charge, at):
        charge.end(Status.FAILED, code="not_wanted")
        return None
    try:
        asked = _asked(charge)
        charge.note_call(at)
        return client.charge(asked)
    except AccessRefused:
        raise
    except Refused as refused:
        _refuse(charge, refused.code, refused.reference)
        return None


def _is_wanted(charge: InvoiceCharge, at: datetime) -> bool:
    """The card is still there, the key still stands, and the sum is still due."""
    card = MerchantCard.objects.get(pk=charge.card_id)
    invoice = Invoice.objects.get(pk=charge.invoice_id)
    is_due = invoice.status in choices.Invoice.OPEN and invoice.due == charge.amount
    is_ready = card.status == choices.MerchantCard.Status.READY
    return is_due and is_ready and charge.is_repeatable(at)


def _follow(charge: InvoiceCharge, facts: IntentFacts, at: datetime) -> None:
    answer = takings.answer_of_intent(facts, charge.amount)
    if answer.outcome == Outcome.SUCCEEDED:
        settle(charge, facts.id, at)
    elif answer.outcome == Outcome.FAILED:
        _refuse(charge, answer.failure_code, facts.id)
    elif not charge.intent_id:
        charge.note_intent(facts.id)


@transaction.atomic
def settle(charge: InvoiceCharge, intent: str, at: datetime) -> None:
    """Money that nothing is due for any more is for a person to give back."""
    invoice = Invoice.objects.get(pk=charge.invoice_id)
    lock(invoice)
    lock(charge)
    if charge.status != Status.OPEN:
        return
    payable = (*choices.Invoice.OPEN, choices.Invoice.Status.UNCOLLECTIBLE)
    if invoice.status not in payable or charge.amount > invoice.due:
        logger.critical("%s was charged at Stripe (%s) and is not due", charge, intent)
        charge.end(Status.SURPLUS, intent)
        return
    method = choices.InvoicePayment.Method.CARD
    invoice.receive(Receipt(amount=charge.amount, reference=intent, method=method), at)
    charge.end(Status.PAID, intent)


@transaction.atomic
def _refuse(charge: InvoiceCharge, code: str, intent: str) -> None:
    """What asks for the holder is a refusal too: it pays on a page, as it is dunned to."""
    lock(charge)
    if charge.status != Status.OPEN:
        return
    charge.end(Status.REFUSED, intent, code)
    charge.invoice.record(choices.Event.INVOICE_CHARGE_REFUSED, code=code)
    if takings.is_hard(code):
        refuse_card(charge.card, code)


def _asked(charge: InvoiceCharge) -> ChargeAsked:
    return ChargeAsked(
        amount=to_stripe(charge.amount),
        currency=charge.currency,
        customer=charge.card.customer_ref,
        method=charge.card.method_ref,
        label=f"Invoice {charge.invoice.code}",
        metadata={"reference": charge.key, "invoice": str(charge.invoice_id)},
        key=charge.key,
    )
