"""Reads what a shop answered; another shape than was promised is an error with a name."""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from decimal import Decimal, InvalidOperation
from urllib.parse import quote

import orjson

from apps.core.errors import DomainError
from apps.core.http import Unreadable
from apps.core.money import InexactAmount, Money
from apps.integrations import asking
from apps.integrations.dtos import OrderSnapshot
from apps.integrations.payloads import MalformedPayload, Payload, text

WRONG = (KeyError, IndexError, TypeError, ValueError, AttributeError)


@contextmanager
def shaped(what: str) -> Iterator[None]:
    """Raises MalformedPayload for what the code inside could not read."""
    try:
        yield
    except WRONG as error:
        raise MalformedPayload(shape=what) from error


@contextmanager
def effect(peer: str) -> Iterator[None]:
    """A call that may have had its effect and cannot be read raises HttpError: look for it."""
    try:
        with shaped(peer):
            yield
    except DomainError as error:
        raise Unreadable(peer, "the answer has another shape") from error


def rounded(payload: Payload, name: str, currency: str) -> Money:
    """Half-up, for shops that keep more decimals than they are paid; absent means zero."""
    value = text(payload, name) or "0"
    try:
        figure = Decimal(value)
    except InvalidOperation:
        figure = Decimal("NaN")
    if not figure.is_finite() or abs(figure.adjusted()) > 15:
        raise InexactAmount(amount=value[:40], currency=currency)
    return Money.rounded(figure, currency)


def plain(amount: Money) -> str:
    """`12.30`: a decimal text at the currency's scale."""
    return f"{amount.amount:f}"


def figure(amount: Money) -> orjson.Fragment:
    """A number in JSON with exactly its own digits."""
    return orjson.Fragment(plain(amount))


def order_page(
    told: Iterable[Payload],
    read: Callable[[Payload], OrderSnapshot],
    cursor: str,
    called: str = "id",
) -> asking.OrderPage:
    """Whole orders, and those that could not be read by what stands under `called`."""
    orders: list[OrderSnapshot] = []
    unreadable: list[asking.Unreadable] = []
    for each in told:
        try:
            with shaped("order"):
                orders.append(read(each))
        except DomainError as error:
            about = str(each.get(called, "")) if isinstance(each, dict) else ""
            detail = ", ".join(f"{name}: {value}" for name, value in error.details.items())
            unreadable.append(
                asking.Unreadable(external_id=about, code=error.code, detail=detail[:200])
            )
    return asking.OrderPage(orders=tuple(orders), unreadable=tuple(unreadable), cursor=cursor)


def stock_note(move: asking.StockMove, now: int) -> str:
    """For shops whose stock is absolute: noted on the order before it is written."""
    return f"[{move.reference}] stock of {move.variant_id}: {now} + {move.quantity}"


def noted_stock(notes: Iterable[str], move: asking.StockMove) -> int | None:
    """How much there was when the move was noted; None where it was not."""
    pattern = re.escape(f"[{move.reference}] stock of {move.variant_id}: ") + r"(-?\d+) \+ \d+"
    found = (re.fullmatch(pattern, each) for each in notes)
    return next((int(each[1]) for each in found if each), None)


def segment(id: str) -> str:  # noqa: A002
    """An id as one part of a path, whatever it holds."""
    return quote(id, safe="")


def as_given(id: str) -> int | str:  # noqa: A002
    """An id as the shop writes it in JSON: ours are texts, its own mostly numbers."""
    return int(id) if id.isascii() and id.isdecimal() else id
