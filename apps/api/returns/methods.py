"""Ways back as they are priced for one order at this moment."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from apps.core.errors import DomainError
from apps.deliveries import choices
from apps.deliveries.dtos import MethodOffer, OfferFacts
from apps.deliveries.models import ReturnMethod
from apps.orders.dtos import MethodChoice

if TYPE_CHECKING:
    from apps.orders.models import Order

OUTCOMES = (
    choices.ReturnMethod.Outcome.REFUND,
    choices.ReturnMethod.Outcome.EXCHANGE,
    choices.ReturnMethod.Outcome.STORE_CREDIT,
)


class ReturnMethodNotOffered(DomainError):
    code = "return_method_not_offered"
    title = "The goods of this order cannot travel this way"
    status = 409


class ReturnMethodRequired(DomainError):
    code = "return_method_required"
    title = "Say how the goods come back"
    status = 400


def offers(order: "Order", language: str) -> dict[ReturnMethod, dict[str, MethodOffer]]:
    """Each active method of the store with its offer for every outcome; two queries."""
    country = str(order.shipping_address.get("country", ""))
    methods = ReturnMethod.objects.for_store(order.store).active().with_terms(country)
    return {
        method: {
            outcome: method.offer(
                OfferFacts(country, order.postcode, order.currency, outcome, language)
            )
            for outcome in OUTCOMES
        }
        for method in methods
    }


def outcome_of(wishes: Sequence[str]) -> str:
    """Goods for goods is an exchange; as soon as money goes back it is a refund."""
    outcomes = choices.ReturnMethod.Outcome
    return outcomes.EXCHANGE if set(wishes) == {"exchange"} else outcomes.REFUND


def method_coded(order: "Order", code: str, outcome: str) -> MethodChoice:
    """Raises ReturnMethodNotOffered, or ReturnMethodRequired where the store has methods."""
    found = _offers(order, outcome)
    if not code:
        if any(offer.is_offered for offer in found):
            raise ReturnMethodRequired
        return MethodChoice()
    return _offered([offer for offer in found if offer.choice.code == code], code)


def method_again(order: "Order", method_id: str, outcome: str) -> MethodChoice:
    """The method of a quote at today's price; `method_id` is empty where there was none."""
    if not method_id:
        return MethodChoice()
    found = _offers(order, outcome)
    return _offered([offer for offer in found if str(offer.choice.id) == method_id], "")


def _offers(order: "Order", outcome: str) -> list[MethodOffer]:
    # In the store's own language: the name is part of the breakdown, and a shopper who changes
    # language between quote and return has not changed a sum.
    language = next(iter(order.store.languages), "en")
    found: list[MethodOffer] = ReturnMethod.objects.for_order(order, outcome, language)
    return found


def _offered(found: Sequence[MethodOffer], code: str) -> MethodChoice:
    if not found or not found[0].is_offered:
        reason = found[0].refusal if found else "unknown"
        raise ReturnMethodNotOffered(method=found[0].choice.code if found else code, reason=reason)
    return found[0].choice
