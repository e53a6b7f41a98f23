"""A shopper's wishes, judged and priced in the shopper's language."""

from datetime import datetime

from apps.api.models import Evidence
from apps.api.returns.forms.quotes import QuoteWanted
from apps.api.returns.methods import method_coded, outcome_of
from apps.core.errors import Detail, DomainError
from apps.orders import choices
from apps.orders.dtos import QuoteRequest, UnitWish
from apps.orders.models import Order, Quote
from apps.orders.modules.eligibility.services import eligibility_of
from apps.orders.services import quote_return
from apps.orders.services.quoting import NotEligible

SHOPPER = choices.Return.FiledBy.SHOPPER


class UnknownPhoto(DomainError):
    code = "unknown_photo"
    title = "A photo was not uploaded for this order"
    status = 400


def quote_for(order: Order, wanted: QuoteWanted, language: str, at: datetime) -> Quote:
    """Raises what quote_return raises, UnknownPhoto, or a refusal of the return method."""
    photos = Evidence.objects.for_order(order).filter(pk__in=wanted.photos)
    if photos.count() != len(wanted.photos):
        raise UnknownPhoto
    outcome = outcome_of([unit.wish for unit in wanted.units])
    method = method_coded(order, wanted.method, outcome)
    request = QuoteRequest(wanted.units, method, SHOPPER, wanted.parcels)
    try:
        return quote_return(order, request, at)
    except NotEligible:
        raise NotEligible(units=refusals(order, wanted.units, language, at)) from None


def refusals(
    order: Order, wishes: tuple[UnitWish, ...], language: str, at: datetime
) -> list[Detail]:
    return [
        {"line": str(verdict.line_id), "code": refusal.code, "message": refusal.text(language)}
        for verdict in eligibility_of(order, at, SHOPPER, wishes)
        for refusal in verdict.refusals
        if not refusal.advisory
    ]
