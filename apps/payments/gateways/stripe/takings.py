"""Pages, charges, cards and disputes, to Stripe and back: pure."""

import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from apps.core.money import Money
from apps.payments import choices
from apps.payments.dtos import Answer
from apps.payments.gateways.stripe.facts import (
    CardFacts,
    ChargeAsked,
    DisputeFacts,
    IntentFacts,
    PageAsked,
    SessionFacts,
)
from apps.payments.gateways.stripe.mappers import to_stripe
from apps.payments.refusals import NoAnswer

logger = logging.getLogger(__name__)
Outcome = choices.Payment.Outcome
NEEDS_SHOPPER = "authentication_required"
# Off the session nobody is there to act: what asks for an action is a refusal.
INTENTS: Mapping[str, str] = {
    "succeeded": Outcome.SUCCEEDED,
    "processing": Outcome.IN_TRANSIT,
    "requires_payment_method": Outcome.FAILED,
    "requires_action": Outcome.FAILED,
    "requires_confirmation": Outcome.FAILED,
    "canceled": Outcome.FAILED,
}
# A card with one of these is never charged again; of all others a later try may go through.
HARD = frozenset(
    {
        "card_not_supported",
        "do_not_try_again",
        "expired_card",
        "fraudulent",
        "incorrect_number",
        "invalid_account",
        "lost_card",
        "merchant_blacklist",
        "pickup_card",
        "resource_missing",
        "restricted_card",
        "revocation_of_all_authorizations",
        "revocation_of_authorization",
        "security_violation",
        "stolen_card",
        "stop_payment_order",
        "transaction_not_allowed",
    }
)


def is_hard(code: str) -> bool:
    return code in HARD


def page_params(asked: PageAsked) -> dict[str, Any]:
    params: dict[str, Any] = {
        "client_reference_id": asked.metadata.get("payment") or asked.metadata.get("card", ""),
        "metadata": asked.metadata,
        "success_url": asked.back_to,
        "cancel_url": asked.back_to,
        "expires_at": asked.expires_at,
    }
    if asked.customer:
        params["customer"] = asked.customer
    if asked.amount is None:
        return params | {
            "mode": "setup",
            "currency": asked.currency.lower(),
            "setup_intent_data": {"metadata": asked.metadata},
        }
    price = {
        "currency": asked.currency.lower(),
        "unit_amount": asked.amount,
        "product_data": {"name": asked.label},
    }
    return params | {
        "mode": "payment",
        "line_items": [{"price_data": price, "quantity": 1}],
        "payment_intent_data": {"metadata": asked.metadata},
    }


def charge_params(asked: ChargeAsked) -> dict[str, Any]:
    return {
        "amount": asked.amount,
        "currency": asked.currency.lower(),
        "customer": asked.customer,
        "payment_method": asked.method,
        "off_session": True,
        "confirm": True,
        "description": asked.label,
        "metadata": asked.metadata,
    }


def session_of(row: Mapping[str, Any]) -> SessionFacts:
    """Raises NoAnswer for a body that is no session."""
    metadata = row.get("metadata") or {}
    try:
        amount = row.get("amount_total")
        return SessionFacts(
            id=row["id"],
            status=row["status"],
            is_paid=row["payment_status"] == "paid",
            amount=None if amount is None else int(amount),
            currency=str(row.get("currency") or "").upper(),
            reference=metadata.get("reference", ""),
            payment=metadata.get("payment", ""),
            url=row.get("url") or "",
            expires_at=int(row["expires_at"]),
            intent=row.get("payment_intent") or "",
            setup=row.get("setup_intent") or "",
        )
    except (KeyError, TypeError, ValueError) as error:
        raise NoAnswer from error


def intent_of(row: Mapping[str, Any]) -> IntentFacts:
    """Raises NoAnswer for a body that is no payment intent."""
    metadata = row.get("metadata") or {}
    error = row.get("last_payment_error") or {}
    try:
        return IntentFacts(
            id=row["id"],
            status=row["status"],
            amount=int(row["amount"]),
            currency=str(row["currency"]).upper(),
            reference=metadata.get("reference", ""),
            payment=metadata.get("payment", ""),
            failure=error.get("decline_code") or error.get("code") or "",
        )
    except (KeyError, TypeError, ValueError) as broken:
        raise NoAnswer from broken


def card_of(setup: Mapping[str, Any], row: Mapping[str, Any]) -> CardFacts:
    """Of a set-up and its payment method; raises NoAnswer for what is no card."""
    try:
        card = row["card"]
        return CardFacts(
            token=(setup.get("metadata") or {}).get("card", ""),
            method=row["id"],
            customer=row["customer"],
            brand=str(card["brand"])[:20],
            last4=card["last4"],
            expires=f"{int(card['exp_year'])}-{int(card['exp_month']):02}",
        )
    except (KeyError, TypeError, ValueError) as error:
        raise NoAnswer from error


def dispute_of(row: Mapping[str, Any]) -> DisputeFacts:
    """Raises NoAnswer for a body that is no dispute."""
    try:
        return DisputeFacts(
            id=row["id"],
            status=row["status"],
            amount=int(row["amount"]),
            currency=str(row["currency"]).upper(),
            intent=row.get("payment_intent") or "",
        )
    except (KeyError, TypeError, ValueError) as error:
        raise NoAnswer from error


def answer_of_page(facts: SessionFacts, amount: Money) -> Answer:
    """Another sum than was asked for is never believed: somebody must look (I-16)."""
    if (facts.amount, facts.currency) != (to_stripe(amount), amount.currency):
        return _unbelieved(facts.id, facts.amount, facts.currency, amount)
    if facts.status == "expired":
        return Answer(Outcome.EXPIRED)
    if facts.status == "open":
        until = datetime.fromtimestamp(facts.expires_at, UTC)
        return Answer(Outcome.OFFERED, provider_ref=facts.id, link=facts.url, link_until=until)
    outcome = Outcome.SUCCEEDED if facts.is_paid else Outcome.IN_TRANSIT
    return Answer(outcome, provider_ref=facts.intent)


def answer_of_intent(facts: IntentFacts, amount: Money) -> Answer:
    if (facts.amount, facts.currency) != (to_stripe(amount), amount.currency):
        return _unbelieved(facts.id, facts.amount, facts.currency, amount)
    outcome = INTENTS.get(facts.status, Outcome.UNKNOWN)
    failure = ""
    if outcome == Outcome.FAILED:
        asks = facts.status in ("requires_action", "requires_confirmation")
        failure = NEEDS_SHOPPER if asks else facts.failure or facts.status
    return Answer(outcome, provider_ref=facts.id, failure_code=failure[:60])


def _unbelieved(id: str, asked: int | None, currency: str, amount: Money) -> Answer:  # noqa: A002
    logger.critical("%s is of %s %s, not %s", id, asked, currency, amount)
    return Answer(Outcome.UNKNOWN)
