"""Pages of invoices, of which Stripe tells payments."""

from datetime import datetime
from uuid import UUID

from apps.billing import services
from apps.payments.gateways.stripe.facts import SessionFacts
from apps.payments.services.hearing import hears_pages


@hears_pages
def follow_page_of_invoice(merchant_id: UUID, facts: SessionFacts, at: datetime) -> None:
    services.hear_page(merchant_id, facts, at)
