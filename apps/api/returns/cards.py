"""A card given with consent before an instant offer is taken: for one quote and one option."""

from datetime import datetime

from apps.api.returns.forms.cards import CardWanted
from apps.api.returns.shapes.instant import consent_shape
from apps.orders.models import Quote
from apps.orders.services.granting import ConsentRequired, offer_in
from apps.orders.services.opening import QuoteExpired
from apps.payments import tasks
from apps.payments.gateways.stripe.models import PaymentMethodToken
from apps.payments.services import CardConsent


def start_card(quote: Quote, wanted: CardWanted, language: str, at: datetime) -> PaymentMethodToken:
    """Raises QuoteExpired, InstantNotOffered, ConsentRequired for other words than the offer's, or
    NoPlatformAccount."""
    if not quote.is_open(at):
        raise QuoteExpired(quote=str(quote.pk))
    offer = offer_in(quote, wanted.refund_method)
    if wanted.consent_version != offer["consent_version"]:
        raise ConsentRequired(version=offer["consent_version"])
    words = consent_shape(offer, language)
    consent = CardConsent(
        text=words["text"],
        version=words["version"],
        cap=words["cap"],
        until=words["charge_until"],
    )
    return tasks.start_card_of_quote(quote, consent)
