"""What Stripe says by itself: a hint to ask, never believed."""

import json
import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from apps.payments.gateways.stripe.facts import (
    AccessRefused,
    CardFacts,
    Refused,
    SessionFacts,
)
from apps.payments.gateways.stripe.mappers import from_stripe
from apps.payments.gateways.stripe.models import (
    PaymentMethodToken,
    StripeAccount,
    StripeCheckoutPayment,
    StripeRecoveryCharge,
)
from apps.payments.models import Payment
from apps.payments.services.stripe import take_refund

type Step = Callable[[StripeAccount, str, datetime], None]

type Listener = Callable[[UUID, SessionFacts, datetime], None]

type CardListener = Callable[[UUID, CardFacts], None]

logger = logging.getLogger(__name__)
# Whoever above has pages at Stripe that are no payments of an order.
LISTENERS: list[Listener] = []
CARD_LISTENERS: list[CardListener] = []
NOBODY = UUID(int=0)
CLOSED = ("won", "lost", "warning_closed")


def hears_pages(listener: Listener) -> Listener:
    """Told of each page that is none of ours, as Stripe has it now; told twice for two events."""
    LISTENERS.append(listener)
    return listener


def hears_cards(listener: CardListener) -> CardListener:
    """Told of each card that was saved, whosesoever; told twice for two events."""
    CARD_LISTENERS.append(listener)
    return listener


def hear_stripe(account_id: UUID, body: bytes, at: datetime) -> None:
    """Only what it is about is read from the body. NoAnswer: to be heard again later."""
    told = json.loads(body)["data"]["object"]
    step = STEPS.get(told.get("object"))
    account = StripeAccount.objects.filter(pk=account_id).first()
    if step is None or account is None:
        return
    try:
        step(account, str(told["id"]), at)
    except AccessRefused:
        raise
    except Refused as refused:
        logger.warning("%s does not know %s: %s", account, told["id"], refused.code)


def take_page(account: StripeAccount, session: str, at: datetime) -> None:
    facts = account.client().page(session)
    page = StripeCheckoutPayment.objects.filter(
        merchant_id=account.merchant_id, stripe_account=account, pk=_uuid(facts.payment)
    ).first()
    answer = page.answer_to(facts) if page else None
    if page is not None and answer is not None:
        page.hear(answer, at)
    elif facts.setup:
        take_setup(account, facts.setup, at)
    else:
        for listener in LISTENERS:
            listener(account.merchant_id, facts, at)


def take_intent(account: StripeAccount, intent: str, at: datetime) -> None:
    """Of a page, the page is asked: its shopper may try another card on it."""
    facts = account.client().intent(intent)
    payment = Payment.objects.filter(
        merchant_id=account.merchant_id, pk=_uuid(facts.payment)
    ).first()
    if isinstance(payment, StripeCheckoutPayment) and payment.session_id:
        take_page(account, payment.session_id, at)
    elif isinstance(payment, StripeRecoveryCharge) and payment.stripe_account_id == account.pk:
        answer = payment.answer_to(facts)
        if answer is not None:
            payment.hear(answer, at)


def take_setup(account: StripeAccount, setup: str, at: datetime) -> None:
    """Told of by its page too: whichever comes first."""
    card = account.client().card_set_up(setup)
    waiting = PaymentMethodToken.objects.filter(
        merchant_id=account.merchant_id, stripe_account=account, pk=_uuid(card.token)
    )
    for token in waiting:
        token.keep(card, at)
    for listener in CARD_LISTENERS:
        listener(account.merchant_id, card)


def take_dispute(account: StripeAccount, dispute: str, at: datetime) -> None:
    """One that is closed was opened, whether we heard of that or not."""
    facts = account.client().dispute(dispute)
    payment = Payment.objects.filter(
        merchant_id=account.merchant_id, gateway="stripe", provider_ref=facts.intent
    ).first()
    if not isinstance(payment, StripeCheckoutPayment | StripeRecoveryCharge):
        logger.info("dispute %s of %s is about no collection", dispute, account)
        return
    payment.dispute(facts.id, from_stripe(facts.amount, facts.currency), at)
    if facts.status in CLOSED:
        payment.close_dispute(facts.id, at, won=facts.status != "lost")


def _uuid(text: str) -> UUID:
    """Nobody's where it is none: metadata may be written by hand at Stripe."""
    try:
        return UUID(text)
    except ValueError:
        return NOBODY


STEPS: Mapping[str, Step] = {
    "refund": take_refund,
    "checkout.session": take_page,
    "payment_intent": take_intent,
    "setup_intent": take_setup,
    "dispute": take_dispute,
}
