"""What a quote offers before the goods are seen: one decision, and for each option its parts."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from apps.core.money import Money
from apps.orders import choices
from apps.orders.calculator.breakdown import Breakdown
from apps.orders.calculator.tree import Kind
from apps.orders.modules.advances.arithmetic import parts_of, value_of
from apps.orders.modules.advances.consent import VERSION
from apps.underwriting.choices import Rung
from apps.underwriting.dtos import UnderwriteRequest

if TYPE_CHECKING:
    from apps.orders.dtos import QuoteRequest
    from apps.orders.models import Order, Quote
    from apps.orders.services.quoting import Priced
    from apps.underwriting.models import Assessment

Standard, Method = choices.Advance.Standard, choices.Return.RefundMethod
# Posted by the shopper, or by nobody knows what: no scan tells where the goods are.
UNTRACKED = ("", "own_label")
TRANSFERRED = ("EUR",)


def offers_instant(order: "Order") -> bool:
    merchant = order.store.merchant
    return merchant.is_active and merchant.instant_enabled and merchant.exposure_cap_minor > 0


def attach_offers(
    quote: "Quote", order: "Order", request: "QuoteRequest", priced: "Priced", at: datetime
) -> None:
    """Into the unsaved quote: `instant` of each option is what would go out when, or the reason
    why nothing does. A store without instant returns says nothing of it."""
    if not offers_instant(order):
        return
    refused = {method: why_standard(request, priced, method) for method in priced.breakdowns}
    open_ones = [priced.breakdowns[method] for method, why in refused.items() if not why]
    value = max((value_of(each) for each in open_ones), default=Money.zero(order.currency))
    if value:
        quote.assessment = order.underwrite(_asked(quote.pk, value, request), at)
    for option in quote.options:
        method = option["method"]
        option["instant"] = (
            {"offered": False, "reason": refused[method]}
            if refused[method] or quote.assessment is None
            else _offer(quote.assessment, priced.breakdowns[method], order, at)
        )


def why_standard(request: "QuoteRequest", priced: "Priced", method: str) -> str:
    """Before anybody is judged: empty where an advance is possible."""
    breakdown = priced.breakdowns[method]
    by_bank = method == Method.BANK_TRANSFER
    checks = (
        (request.filed_by != choices.Return.FiledBy.SHOPPER, Standard.FILED_BY_STORE),
        (priced.held, Standard.HELD),
        (priced.no_instant, Standard.RULE),
        (request.method.keeps_goods, Standard.GOODS_KEPT),
        (bool(breakdown.due) or value_of(breakdown).minor <= 0, Standard.NOTHING),
        (method == Method.ELSEWHERE, Standard.NOTHING),
        (by_bank and breakdown.net.currency not in TRANSFERRED, Standard.CURRENCY),
    )
    return next((str(reason) for refuses, reason in checks if refuses), "")


def reassess(
    decided: "Assessment", quote: "Quote", request: "QuoteRequest", iban: str, at: datetime
) -> "Assessment":
    """The next version of the quote's decision, with the account that money would go to."""
    return quote.order.underwrite(_asked(quote.pk, decided.value, request, iban), at)


def _asked(
    request_id: UUID, value: Money, request: "QuoteRequest", iban: str = ""
) -> UnderwriteRequest:
    return UnderwriteRequest(
        request_id=request_id,
        value=value,
        lines=tuple(unit.line_id for unit in request.units),
        carrier=request.method.code,
        is_tracked=request.method.kind not in UNTRACKED,
        iban=iban,
    )


def _offer(
    assessment: "Assessment", breakdown: Breakdown, order: "Order", at: datetime
) -> Mapping[str, Any]:
    value = value_of(breakdown)
    parts = parts_of(assessment.limits, value, whole=bool(breakdown.tree.part(Kind.NEW_GOODS)))
    if not assessment.is_offered or parts[0].rung == Rung.PAY_AT_INSPECTION:
        return {"offered": False, "reason": str(Standard.LATER)}
    days = order.store.merchant.cover_days
    return {
        "offered": True,
        "rung": parts[0].rung,
        "parts": [{"rung": part.rung, "amount": part.amount.as_json()} for part in parts],
        "cover_days": days,
        "consent_version": VERSION,
        "cap": value.as_json(),
        "deadline": (at + timedelta(days=days)).isoformat(),
    }
