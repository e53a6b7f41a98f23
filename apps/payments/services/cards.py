"""A card saved for later: first the consent in words, then the page where the card is given."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from apps.core.money import Money
from apps.core.verbs import lock
from apps.orders.models import Return
from apps.payments import choices
from apps.payments.gateways.stripe.facts import PageAsked
from apps.payments.gateways.stripe.models import PaymentMethodToken
from apps.payments.gateways.stripe.models.checkout import portal_of
from apps.payments.services.recovering import platform_account

Status = choices.SavedCard.Status


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
    tokens = PaymentMethodToken.objects.for_return(ret)
    if before := tokens.filter(status__in=(Status.CONSENTED, Status.READY)).first():
        return before
    token = PaymentMethodToken(
        merchant_id=ret.merchant_id,
        ret=ret,
        stripe_account=platform_account(ret.merchant),
        consent_text=consent.text,
        consent_version=consent.version,
        consented_at=at,
        currency=consent.cap.currency,
        cap_minor=consent.cap.minor,
        charge_until=consent.until,
        link_until=at + settings.PAY_LINK_LIFETIME,
    )
    token.save(force_insert=True)
    token.record(
        choices.Event.CARD_CONSENTED,
        ret=str(ret.pk),
        cap=dict(consent.cap.as_json()),
        until=consent.until.isoformat(),
        version=consent.version,
    )
    return token


def open_card_page(token_id: UUID, at: datetime) -> PaymentMethodToken:
    """Under keys of its own: a repeat opens the same page. Raises NoAnswer or Refused."""
    token = PaymentMethodToken.objects.select_related("ret__store").get(pk=token_id)
    if token.status != Status.CONSENTED or token.url or at >= token.link_until:
        return token
    client = token.stripe_account.client()
    customer = client.customer(token.metadata, f"card:{token.pk}:customer")
    asked = PageAsked(
        label="",
        currency=token.currency,
        back_to=portal_of(token.ret.store),
        expires_at=int(token.link_until.timestamp()),
        metadata=token.metadata,
        key=f"card:{token.pk}:page",
        customer=customer,
    )
    page = client.open_page(asked)
    token.offer(customer, page.id, page.url)
    return token
