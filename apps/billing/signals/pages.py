"""Pages of invoices and of cards for them, of which Stripe tells."""

from datetime import datetime
from uuid import UUID

from apps.billing import services
from apps.payments.gateways.stripe.facts import CardFacts, SessionFacts
from apps.payments.services.hearing import hears_cards, hears_pages


@hears_pages
def follow_page_of_invoice(merchant_id: UUID, facts: SessionFacts, at: datetime) -> None:
    services.hear_page(merchant_id, facts, at)


@hears_cards
def keep_card_for_invoices(merchant_id: UUID, card: CardFacts) -> None:
    services.hear_card(merchant_id, card)
