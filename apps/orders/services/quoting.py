"""What comes back and why, to the cent, for each way the shopper may choose."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings

from apps.core.errors import Detail, DomainError
from apps.orders import choices
from apps.orders.calculator.breakdown import Breakdown
from apps.orders.calculator.calculate import calculate
from apps.orders.calculator.facts import UnitRequest
from apps.orders.dtos import OpenReturn, QuoteRequest, UnitWish
from apps.orders.models import Quote
from apps.orders.modules.discounts.terms import FrozenTerms
from apps.orders.modules.eligibility.services import UnitVerdict, eligibility_of
from apps.orders.services.offering import attach_offers
from apps.orders.services.picking import Picked, pick

if TYPE_CHECKING:
    from apps.accounts.models import StorePreferences
    from apps.orders.models import Order

DEFAULT_METHODS = (
    choices.Return.RefundMethod.ORIGINAL,
    choices.Return.RefundMethod.STORE_CREDIT,
)


class NotEligible(DomainError):
    code = "not_eligible"
    title = "Some of these units cannot be returned"
    status = 409


class MethodNotOffered(DomainError):
    code = "refund_method_not_offered"
    title = "The store does not refund this way"
    status = 409


@dataclass(frozen=True, slots=True)
class Priced:
    """A request worked out: what was picked, under which terms, and one breakdown per method."""

    picked: list[Picked]
    units: tuple[UnitRequest, ...]
    terms: FrozenTerms
    breakdowns: dict[str, Breakdown]
    held: bool
    policy_version: int
    no_instant: bool = False


def quote_return(order: "Order", request: QuoteRequest, at: datetime) -> Quote:
    """Writes the quote, and the decision on an advance where the store has them.

    Raises NotEligible with each refusal, or a refusal of pick.
    """
    priced = price(order, request, at)
    quote = Quote(
        merchant_id=order.merchant_id,
        store_id=order.store_id,
        order=order,
        order_version=order.version,
        policy_version=priced.policy_version,
        currency=order.currency,
        request=request_json(request),
        terms=priced.terms.stored,
        options=options_json(priced),
        expires_at=at + settings.QUOTE_LIFETIME,
    )
    attach_offers(quote, order, request, priced, at)
    quote.save(force_insert=True)
    return quote


def price(order: "Order", request: QuoteRequest, at: datetime) -> Priced:
    lines = list(order.lines.all())
    picked = pick(order, request.units, lines)
    verdicts = eligibility_of(order, at, request.filed_by, request.units, lines)
    _refuse_ineligible(verdicts)
    preferences = order.store.preferences
    terms = FrozenTerms.freeze(preferences, request.method, request.parcels, order.currency)
    units = tuple(
        each.as_request(tax_included=order.tax_included, waives_fees=verdict.waives_fee)
        for each, verdict in zip(picked, verdicts, strict=True)
    )
    facts = order.facts(lines=lines)
    return Priced(
        picked=picked,
        units=units,
        terms=terms,
        breakdowns={
            method: calculate(facts, units, terms.for_method(method))
            for method in methods_of(preferences)
        },
        held=any(verdict.hold for verdict in verdicts) or not preferences.auto_approve,
        no_instant=any(verdict.no_instant for verdict in verdicts),
        policy_version=max((each.policy_version for each in verdicts), default=0),
    )


def methods_of(preferences: "StorePreferences") -> tuple[str, ...]:
    return tuple(preferences.refund_methods) or DEFAULT_METHODS


def options_json(priced: Priced) -> list[dict[str, Any]]:
    return [
        {"method": method, "breakdown": breakdown.as_json()}
        for method, breakdown in priced.breakdowns.items()
    ]


def request_json(request: QuoteRequest) -> dict[str, Any]:
    return {
        "units": [{**asdict(unit), "line_id": str(unit.line_id)} for unit in request.units],
        "method": str(request.method.id or ""),
        "parcels": request.parcels,
        "filed_by": request.filed_by,
    }


def request_of(quote: Quote, opening: OpenReturn) -> QuoteRequest:
    """The quote's request again, with its return method as it is priced now. The rules are those
    for who opens it: a quote made for staff takes no shopper past them."""
    stored = quote.request
    units = tuple(
        UnitWish(**{**unit, "line_id": UUID(unit["line_id"]), "images": tuple(unit["images"])})
        for unit in stored["units"]
    )
    return QuoteRequest(units, opening.method, opening.filed_by, stored["parcels"])


def _refuse_ineligible(verdicts: list[UnitVerdict]) -> None:
    refused: list[Detail] = [
        {"line": str(verdict.line_id), "code": refusal.code, "message": refusal.text("en")}
        for verdict in verdicts
        for refusal in verdict.refusals
        if not refusal.advisory
    ]
    if refused:
        raise NotEligible(units=refused)
