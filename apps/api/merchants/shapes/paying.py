"""The difference that the shopper pays before a return opens, as the merchant sees it."""

from typing import Any
from uuid import UUID

from apps.payments import choices
from apps.payments.gateways.stripe.models import StripeCheckoutPayment

Purpose = choices.Payment.Purpose


def payment_shape(ret_id: UUID) -> dict[str, Any] | None:
    """One query; None while the page is not asked for yet."""
    pages = StripeCheckoutPayment.objects.filter(ret_id=ret_id, purpose=Purpose.PRICE_DIFFERENCE)
    page = pages.order_by("-id").first()
    if page is None:
        return None
    return {
        "status": page.status,
        "amount": page.amount,
        "url": page.url if page.is_offered else None,
        "expires_at": page.link_until if page.is_offered else None,
    }
