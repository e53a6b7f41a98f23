"""A shopper takes the instant offer of a quote: consent checked, exposure reserved."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from apps.core.errors import DomainError
from apps.core.money import Money
from apps.orders.dtos import AdvanceGrant, Offered, OpenReturn
from apps.orders.models import Quote
from apps.orders.modules.advances.arithmetic import reference_of
from apps.orders.modules.advances.consent import charge_until, consent_text
from apps.orders.services.offering import reassess
from apps.orders.services.quoting import request_of
from apps.underwriting.choices import EARLY
from apps.underwriting.dtos import Reservation
from apps.underwriting.services import exposure

if TYPE_CHECKING:
    from apps.orders.models import Order
    from apps.underwriting.models import Assessment


class InstantNotOffered(DomainError):
    code = "instant_not_offered"
    title = "This quote offers no instant refund this way; the return can be opened without"
    status = 409


class ConsentRequired(DomainError):
    code = "consent_required"
    title = "An instant refund needs consent to the words that the quote shows"
    status = 409


def reserve_advance(order: "Order", request: OpenReturn, at: datetime) -> AdvanceGrant | None:
    """Call it before anything is locked: limits stand first in the lock order of the house.

    None when the request is for a standard return, or for a quote that is not there. Raises
    InstantNotOffered, ConsentRequired, CapReached, or another refusal of the exposure.
    """
    quotes = Quote.objects.filter(merchant_id=order.merchant_id, order=order)
    quote = quotes.select_related("assessment").filter(pk=request.quote_id).first()
    if request.consent is None or quote is None:
        return None
    offer = offer_in(quote, request.refund_method)
    if request.consent.version != offer["consent_version"]:
        raise ConsentRequired(version=offer["consent_version"])
    parts = tuple(Offered(part["rung"], _money(part["amount"])) for part in offer["parts"])
    assessment = _newest(quote, request, at)
    _reserve(quote, assessment, parts, at)
    cap, deadline = _money(offer["cap"]), datetime.fromisoformat(offer["deadline"])
    return AdvanceGrant(
        key=quote.pk,
        assessment_id=assessment.pk,
        parts=parts,
        consent=request.consent,
        text=consent_text(request.consent.language, cap, deadline, request.consent.version),
        charge_until=charge_until(deadline),
        cap=cap,
        deadline=deadline,
        cover_ends_at=at + timedelta(days=offer["cover_days"]),
    )


def _newest(quote: Quote, request: OpenReturn, at: datetime) -> "Assessment":
    """The decision of the quote; where an account is named by now, one that knows it."""
    decided = quote.assessment
    if decided is None:
        raise InstantNotOffered(quote=str(quote.pk))
    if request.iban:
        return reassess(decided, quote, request_of(quote, request), request.iban, at)
    return decided


def _reserve(
    quote: Quote, assessment: "Assessment", parts: tuple[Offered, ...], at: datetime
) -> None:
    for part in parts:
        if part.rung in EARLY:
            reference = reference_of(quote.pk, part.rung)
            exposure.reserve(assessment, Reservation(reference, part.amount, part.rung), at)


def offer_in(quote: Quote, method: str) -> dict[str, Any]:
    """The option's offer; raises InstantNotOffered with the reason that the quote shows."""
    offers = {option["method"]: option.get("instant") for option in quote.options}
    offer = offers.get(method)
    if not offer or not offer["offered"]:
        raise InstantNotOffered(reason=offer["reason"] if offer else "store_without_instant")
    return dict(offer)


def _money(data: dict[str, str]) -> Money:
    return Money.of(data["amount"], data["currency"])
