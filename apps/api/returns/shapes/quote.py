"""A quote with each way to be refunded: the tree of its sums, its words, and when."""

from typing import Any

from apps.api.returns.shapes.instant import instant_shape
from apps.api.returns.texts.advice import EXPECTED, SUMMARY
from apps.api.returns.texts.words import say
from apps.orders import choices
from apps.orders.calculator.breakdown import Breakdown
from apps.orders.models import Quote
from apps.payments import services as payments


def quote_shape(quote: Quote, language: str) -> dict[str, Any]:
    has_due = any(Breakdown.from_json(option["breakdown"]).due for option in quote.options)
    collects = has_due and payments.can_collect(quote.merchant_id, quote.store_id)
    return {
        "id": str(quote.pk),
        "currency": quote.currency,
        "expires_at": quote.expires_at,
        "parcels": quote.request["parcels"],
        "options": [_option(option, language, collects) for option in quote.options],
    }


def _option(option: dict[str, Any], language: str, collects: bool) -> dict[str, Any]:
    breakdown = Breakdown.from_json(option["breakdown"])
    method = option["method"]
    return {
        "method": method,
        "net": breakdown.net,
        "refund": breakdown.refund,
        "due": breakdown.due,
        # A difference is paid on a page of the store's own account, where it has one.
        "is_open": collects or not breakdown.due,
        "needs_proof": method == choices.Return.RefundMethod.BANK_TRANSFER,
        "summary": summary(breakdown, language),
        "expected": say(EXPECTED, method, language),
        "words": list(breakdown.in_words()),
        "breakdown": option["breakdown"],
        "instant": instant_shape(option, language),
    }


def summary(breakdown: Breakdown, language: str) -> str:
    if breakdown.due:
        return say(SUMMARY, "due", language, amount=breakdown.due)
    if breakdown.refund:
        return say(SUMMARY, "refund", language, amount=breakdown.refund)
    return say(SUMMARY, "even", language)
