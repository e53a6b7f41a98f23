"""A card saved for later: first the consent in words, then the page where the card is given."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from apps.core.money import Money
from apps.core.verbs import lock
from apps.orders.models import AdvanceConsent, Quote, Return
from apps.payments import choices
from apps.payments.gateways.stripe.facts import PageAsked
from apps.payments.gateways.stripe.models import PaymentMethodToken
from apps.payments.gateways.stripe.models.checkout import portal_of
from apps.payments.services.hearing import take_page
from apps.payments.services.recovering import platform_account

Status = choices.SavedCard.Status
OTHER_WORDS = "other_words"


@dataclass(frozen=True, slots=True, kw_only=True)
class CardConsent:
    """What the shopper agreed to: the words, their version, the most, and until when."""

    text: str
    version: str
    cap: Money
    until: datetime


@transaction.atomic
def consent_to_card(ret_id: UUID, consent: CardConsent, at: datetime) -> PaymentMethodToken:
    """One card for a return: a repeat gives the first one, whatever it says. Raises
    NoPlatformAccount."""
    ret = Return.objects.select_related("order").get(pk=ret_id)
    lock(ret.order)
    lock(ret)
    for before in PaymentMethodToken.objects.for_return(ret).live():
        return before
    return _write(PaymentMethodToken(merchant_id=ret.merchant_id, ret=ret), consent, at)


@transaction.atomic
def consent_for_quote(quote: Quote, consent: CardConsent, at: datetime) -> PaymentMethodToken:
    """One card for a quote, for the sum and the words that are agreed to: a repeat gives the first
    one, other words drop it. Raises NoPlatformAccount."""
    lock(quote.order)
    for before in PaymentMethodToken.objects.for_quote(quote).live():
        if before.agrees_with(consent.version, consent.cap):
            return before
        before.drop(OTHER_WORDS)
    return _write(PaymentMethodToken(merchant_id=quote.merchant_id, quote=quote), consent, at)


@transaction.atomic
def keep_card_for(ret: Return, quote_id: UUID) -> None:
    """The quote was opened: its card, saved or still to be saved, is the return's if the same words
    were agreed to; else it is dropped."""
    tokens = PaymentMethodToken.objects.filter(merchant_id=ret.merchant_id, quote_id=quote_id)
    for token in tokens.live():
        agreed = AdvanceConsent.objects.filter(ret=ret).first()
        if agreed is not None and token.agrees_with(agreed.version, agreed.cap):
            token.serve(ret)
        else:
            token.drop(OTHER_WORDS)


def _write(token: PaymentMethodToken, consent: CardConsent, at: datetime) -> PaymentMethodToken:
    token.stripe_account = platform_account(token.merchant)
    token.consent_text, token.consent_version = consent.text, consent.version
    token.consented_at, token.charge_until = at, consent.until
    token.currency, token.cap_minor = consent.cap.currency, consent.cap.minor
    token.link_until = at + settings.PAY_LINK_LIFETIME
    token.save(force_insert=True)
    of = {"ret": str(token.ret_id)} if token.ret_id else {"quote": str(token.quote_id)}
    token.record(
        choices.Event.CARD_CONSENTED,
        **of,
        cap=dict(consent.cap.as_json()),
        until=consent.until.isoformat(),
        version=consent.version,
    )
    return token


def open_card_page(token_id: UUID, at: datetime) -> PaymentMethodToken:
    """Under keys of its own: a repeat opens the same page. Raises NoAnswer or Refused."""
    token = PaymentMethodToken.objects.select_related("ret__store", "quote__store").get(pk=token_id)
    if token.status != Status.CONSENTED or token.url or at >= token.link_until:
        return token
    client = token.stripe_account.client()
    customer = client.customer(token.metadata, f"card:{token.pk}:customer")
    asked = PageAsked(
        label="",
        currency=token.currency,
        back_to=portal_of(token.store),
        expires_at=int(token.link_until.timestamp()),
        metadata=token.metadata,
        key=f"card:{token.pk}:page",
        customer=customer,
    )
    page = client.open_page(asked)
    token.offer(customer, page.id, page.url)
    return token


def ask_card(token_id: UUID, at: datetime) -> None:
    """The shopper is back from the page: Stripe is asked whether there is a card. NoAnswer: it is
    heard of later."""
    token = PaymentMethodToken.objects.get(pk=token_id)
    if token.status == Status.CONSENTED and token.session_id:
        take_page(token.stripe_account, token.session_id, at)
