"""Cards that nobody agreed to in the end: dropped here, then removed at Stripe."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from django.db import transaction

from apps.core.verbs import lock
from apps.orders.models import Order
from apps.payments.gateways.stripe.facts import AccessRefused, Refused
from apps.payments.gateways.stripe.models import PaymentMethodToken, StripeAccount
from apps.payments.refusals import NoAnswer

logger = logging.getLogger(__name__)
NEVER_OPENED, PERMISSION_OVER = "quote_over", "permission_over"
# Whoever opens a quote in its last moment has its card kept in the same transaction.
A_WHILE = timedelta(minutes=15)
# A charge that was asked for in the last moment has its row by then.
A_DAY = timedelta(days=1)
AT_ONCE = 200


class AtStripe(Protocol):
    """A row about a card there; either reference is empty where it came to none."""

    pk: UUID
    method_ref: str
    session_id: str
    stripe_account: StripeAccount

    def note_removed(self, at: datetime) -> None: ...


def remove_cards(at: datetime) -> int:
    """Those of quotes that ended unopened, those that may not be charged any more, and what was
    dropped before; how many Stripe has no longer. Safe to run twice; where Stripe is silent they
    are left for the next run."""
    for token in PaymentMethodToken.objects.of_quotes_over(at - A_WHILE)[:AT_ONCE]:
        _drop(token)
    for token in PaymentMethodToken.objects.of_permissions_over(at - A_DAY)[:AT_ONCE]:
        token.drop(PERMISSION_OVER)
    waiting = PaymentMethodToken.objects.to_remove().select_related("stripe_account")
    return sum(remove_at_stripe(token, at) for token in waiting[:AT_ONCE])


@transaction.atomic
def _drop(token: PaymentMethodToken) -> None:
    quote = token.quote
    assert quote is not None  # noqa: S101
    lock(quote.order)
    lock(token)
    if token.ret_id is None:
        token.drop(NEVER_OPENED)


def forget_cards(orders: Iterable[Order]) -> int:
    """Nobody's any more here; `remove_cards_of` goes on at Stripe. The caller holds the orders."""
    return sum(token.forget() for token in PaymentMethodToken.objects.of_orders(orders))


def cards_at_stripe(orders: Iterable[Order]) -> int:
    """How many of them were dropped here and may still be there."""
    return PaymentMethodToken.objects.of_orders(orders).to_remove().count()


def remove_cards_of(orders: Iterable[Order], at: datetime) -> int:
    """How many of those that were dropped Stripe has no longer; the same rules as above."""
    waiting = PaymentMethodToken.objects.of_orders(orders).to_remove()
    rows = waiting.select_related("stripe_account")[:AT_ONCE]
    return sum(remove_at_stripe(token, at) for token in rows)


def remove_at_stripe(token: AtStripe, at: datetime) -> bool:
    """Whether Stripe has it no longer; False where it is silent."""
    try:
        method = token.method_ref or _given_meanwhile(token)
        if method:
            _detach(token, method)
    except (NoAnswer, AccessRefused) as silence:
        logger.warning("card %s is not removed at Stripe yet: %r", token.pk, silence)
        return False
    token.note_removed(at)
    return True


def _given_meanwhile(token: AtStripe) -> str:
    """The page is closed; the card of one who was faster, else empty."""
    if not token.session_id:
        return ""
    client = token.stripe_account.client()
    try:
        page = client.close_page(token.session_id)
    except AccessRefused:
        raise
    except Refused:
        page = client.page(token.session_id)
    return client.card_set_up(page.setup).method if page.setup and page.status == "complete" else ""


def _detach(token: AtStripe, method: str) -> None:
    try:
        token.stripe_account.client().detach(method)
    except AccessRefused:
        raise
    except Refused as refused:
        logger.info("card %s was not at Stripe any more: %s", token.pk, refused.code)
