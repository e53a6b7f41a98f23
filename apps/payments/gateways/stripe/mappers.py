"""Stripe's statuses, errors and amounts into ours: pure."""

import logging
from collections.abc import Mapping
from typing import Any

from apps.core.money import Money, decimals_of
from apps.payments import choices
from apps.payments.dtos import Answer
from apps.payments.gateways.stripe.facts import AccessRefused, RefundFacts, Refused
from apps.payments.refusals import NoAnswer

logger = logging.getLogger(__name__)
Outcome = choices.Payment.Outcome
OUTCOMES: Mapping[str, str] = {
    "succeeded": Outcome.SUCCEEDED,
    "pending": Outcome.IN_TRANSIT,
    "requires_action": Outcome.IN_TRANSIT,
    "failed": Outcome.FAILED,
    "canceled": Outcome.FAILED,
}
SOURCES = ("payment_intent", "charge")
GONE = ("failed", "canceled")
# Another call may be at work under the key, or it was used with other parameters.
IN_DOUBT = ("rate_limit", "lock_timeout", "idempotency_key_in_use")
# Counted in hundredths by Stripe although ISO 4217 knows no minor unit, and the reverse.
HUNDREDTHS = ("ISK", "UGX")
WHOLE = ("MGA",)


class NotPayable(Refused):
    def __init__(self) -> None:
        super().__init__("amount_not_payable")


def to_stripe(amount: Money) -> int:
    """Stripe's integer; raises NotPayable where it cannot say the amount (1.234 KWD)."""
    if amount.currency in HUNDREDTHS:
        return amount.minor * 100
    if amount.currency in WHOLE:
        return _exactly(amount.minor, 100)
    if decimals_of(amount.currency) == 3:
        return _exactly(amount.minor, 10) * 10
    return amount.minor


def from_stripe(amount: int, currency: str) -> Money:
    """Our minor units of Stripe's integer."""
    if currency in HUNDREDTHS:
        return Money(amount // 100, currency)
    return Money(amount * 100 if currency in WHOLE else amount, currency)


def _exactly(minor: int, divisor: int) -> int:
    whole, rest = divmod(minor, divisor)
    if rest:
        raise NotPayable
    return whole


def facts_of(refund: Mapping[str, Any]) -> RefundFacts:
    """Raises NoAnswer for a body that is no refund."""
    metadata = refund.get("metadata") or {}
    try:
        return RefundFacts(
            id=refund["id"],
            status=refund["status"],
            amount=int(refund["amount"]),
            currency=str(refund["currency"]).upper(),
            reference=metadata.get("reference", ""),
            payment=metadata.get("payment", ""),
            failure=refund.get("failure_reason") or "",
            sources=tuple(str(refund[name]) for name in SOURCES if refund.get(name)),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise NoAnswer from error


def answer_of(facts: RefundFacts, amount: Money) -> Answer:
    """Another sum or currency than was asked for is never believed: somebody must look (I-16)."""
    if (facts.amount, facts.currency) != (to_stripe(amount), amount.currency):
        logger.critical("%s is of %s %s, not %s", facts.id, facts.amount, facts.currency, amount)
        return Answer(Outcome.UNKNOWN)
    outcome = OUTCOMES.get(facts.status, Outcome.UNKNOWN)
    failure = (facts.failure or facts.status) if outcome == Outcome.FAILED else ""
    return Answer(outcome, provider_ref=facts.id, failure_code=failure[:60])


def verdict(status: int | None, kind: str, code: str, reference: str = "") -> Exception:
    """Refused, AccessRefused or NoAnswer for an error of this HTTP status, type and code."""
    if status in (401, 403):
        return AccessRefused(code or "access_refused")
    is_definite = status in (400, 402, 404)
    if not is_definite or kind == "idempotency_error" or code in IN_DOUBT:
        return NoAnswer()
    return Refused((code or kind or "refused")[:60], reference)
