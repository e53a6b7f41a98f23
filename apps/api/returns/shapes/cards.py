"""A saved card as its shopper sees it."""

from typing import Any

from apps.payments import choices
from apps.payments.gateways.stripe.models import PaymentMethodToken

Status = choices.SavedCard.Status


def card_shape(card: PaymentMethodToken) -> dict[str, Any]:
    is_open = card.status == Status.CONSENTED and bool(card.url)
    return {
        "status": card.status,
        "url": card.url if is_open else None,
        "expires_at": card.link_until if is_open else None,
        "brand": card.brand,
        "last4": card.last4,
        "text": card.consent_text,
        "version": card.consent_version,
        "cap": card.cap,
        "charge_until": card.charge_until,
    }
