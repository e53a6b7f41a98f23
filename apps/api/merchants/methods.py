"""Return methods: priced for an order, and written by the merchant."""

from django.db import IntegrityError, transaction

from apps.accounts.models import Location, Store
from apps.api.merchants.forms.settings import Method, Price
from apps.core.errors import DomainError
from apps.deliveries import choices
from apps.deliveries.dtos import MethodOffer
from apps.deliveries.models import ReturnMethod, ReturnMethodPrice
from apps.orders.dtos import MethodChoice
from apps.orders.models import Order


class ReturnMethodNotOffered(DomainError):
    code = "return_method_not_offered"
    title = "The goods of this order cannot travel this way"
    status = 409


class CodeTaken(DomainError):
    code = "code_taken"
    title = "The store uses this code already"
    status = 409


def method_coded(order: Order, code: str, wishes: list[str]) -> MethodChoice:
    """At today's price; an empty code is no method. Raises ReturnMethodNotOffered."""
    if not code:
        return MethodChoice()
    return _chosen(order, wishes, code=code)


def method_again(order: Order, method_id: str, wishes: list[str]) -> MethodChoice:
    """The method of a quote; an empty id is no method."""
    if not method_id:
        return MethodChoice()
    return _chosen(order, wishes, method_id=method_id)


def _chosen(order: Order, wishes: list[str], code: str = "", method_id: str = "") -> MethodChoice:
    outcomes = choices.ReturnMethod.Outcome
    outcome = outcomes.EXCHANGE if set(wishes) == {"exchange"} else outcomes.REFUND
    language = next(iter(order.store.languages), "en")
    offers: list[MethodOffer] = ReturnMethod.objects.for_order(order, outcome, language)
    for offer in offers:
        if offer.choice.code == code or str(offer.choice.id) == method_id:
            if offer.is_offered:
                return offer.choice
            raise ReturnMethodNotOffered(method=offer.choice.code, reason=offer.refusal)
    raise ReturnMethodNotOffered(method=code, reason="unknown")


def add_method(store: Store, wanted: Method, location: Location | None) -> ReturnMethod:
    """Raises CodeTaken."""
    method = ReturnMethod(
        merchant_id=store.merchant_id, store=store, location=location, **wanted.values
    )
    try:
        with transaction.atomic():
            method.save(force_insert=True)
            write_prices(method, wanted.prices or ())
    except IntegrityError:
        raise CodeTaken(code=method.code) from None
    return method


@transaction.atomic
def change_method(method: ReturnMethod, wanted: Method, location: Location | None) -> None:
    for name, value in wanted.values.items():
        setattr(method, name, value)
    if location is not None:
        method.location = location
    method.save(update_fields=[*wanted.values, "location", "updated_at"])
    if wanted.prices is not None:
        method.prices.all().delete()
        write_prices(method, wanted.prices)


def write_prices(method: ReturnMethod, prices: tuple[Price, ...]) -> None:
    ReturnMethodPrice.objects.bulk_create(
        ReturnMethodPrice(
            merchant_id=method.merchant_id,
            method=method,
            regions=list(each.regions),
            outcome=each.outcome,
            currency=each.price.currency,
            price_minor=each.price.minor,
        )
        for each in prices
    )
