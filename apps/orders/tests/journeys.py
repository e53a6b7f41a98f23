"""A shopper's steps in one line each: wish, quote, open, and all the way to the settlement."""

from datetime import timedelta
from typing import Any

from apps.core import clock
from apps.core.money import Money
from apps.orders import choices
from apps.orders.calculator.breakdown import Breakdown
from apps.orders.dtos import MethodChoice, OpenReturn, QuoteRequest, UnitWish
from apps.orders.models import LineItem, Order, Quote, Return
from apps.orders.services import open_return, quote_return

SHOPPER = choices.Return.FiledBy.SHOPPER
STAFF = choices.Return.FiledBy.STAFF
ORIGINAL = choices.Return.RefundMethod.ORIGINAL
CREDIT = choices.Return.RefundMethod.STORE_CREDIT
DAY = timedelta(days=1)
FREE = MethodChoice()


def priced(amount: str, **named: Any) -> MethodChoice:
    return MethodChoice(code="post", name="Post", price=Money.of(amount, "EUR"), **named)


def wish(line: LineItem, quantity: int = 1, **named: Any) -> UnitWish:
    given = {"wish": choices.ReturnLineItem.Wish.REFUND, **named}
    return UnitWish(line.pk, quantity, **given)


def swap(line: LineItem, variant_id: str, quantity: int = 1, **named: Any) -> UnitWish:
    exchange = choices.ReturnLineItem.Wish.EXCHANGE
    return wish(line, quantity, wish=exchange, variant_id=variant_id, **named)


def quoted(
    order: Order, *units: UnitWish, method: MethodChoice = FREE, filed_by: str = SHOPPER
) -> Quote:
    return quote_return(order, QuoteRequest(units, method, filed_by), clock.now())


def shown(quote: Quote, method: str = ORIGINAL) -> Breakdown:
    """What the quote shows for the refund method."""
    options = {option["method"]: option["breakdown"] for option in quote.options}
    return Breakdown.from_json(options[method])


def asked(quote: Quote, refund_method: str = ORIGINAL, **named: Any) -> OpenReturn:
    given = {"method": FREE, "filed_by": SHOPPER, **named}
    return OpenReturn(quote.pk, refund_method, **given)


def opened(order: Order, *units: UnitWish, by: str = ORIGINAL, **named: Any) -> Return:
    """Quoted and opened at once; `method` is the return method of both."""
    quote = quoted(order, *units, method=named.get("method", FREE))
    return open_return(order, asked(quote, by, **named), clock.now()).ret


def settled(ret: Return) -> Breakdown:
    """Shipped, received, every unit accepted, worked out."""
    at = clock.now()
    ret.ship(at)
    ret.receive(at)
    ret.accept_all(at)
    return ret.settle()


def euros(amount: str) -> Money:
    return Money.of(amount, "EUR")
