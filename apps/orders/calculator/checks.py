"""Refusals of input that no policy can answer, before any sum is made."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass

from apps.core.errors import DomainError
from apps.core.money import CurrencyMismatch, Money
from apps.orders.calculator.facts import ExchangeItem, LineFacts, OrderFacts, UnitRequest, Wish
from apps.orders.calculator.terms import Terms


class UnknownLine(DomainError):
    code = "unknown_line"
    title = "The order has no such line"
    status = 400


class QuantityNotPositive(DomainError):
    code = "quantity_not_positive"
    title = "A quantity is a whole number of at least one"
    status = 400


class TooManyUnits(DomainError):
    code = "more_units_than_left"
    title = "More units are asked for than the order line has left"
    status = 409


class ExchangeIncomplete(DomainError):
    code = "exchange_incomplete"
    title = "An exchange names its new goods, and only an exchange does"
    status = 400


class NegativeAmount(DomainError):
    code = "negative_amount"
    title = "A price, a fee or a bonus is never below zero"
    status = 400


def check(order: OrderFacts, units: tuple[UnitRequest, ...], terms: Terms) -> None:
    _check_currency(order.currency, (order, units, terms))
    lines = {line.id: line for line in order.lines}
    for unit in units:
        _check_unit(unit, lines)
    asked = Counter[str]()
    for unit in units:
        asked[unit.line_id] += unit.quantity
    for line_id, quantity in asked.items():
        if quantity > lines[line_id].left:
            raise TooManyUnits(line=line_id, asked=quantity, left=lines[line_id].left)
    _check_terms(terms)


def _check_currency(currency: str, facts: object) -> None:
    for money in _moneys(facts):
        if money.currency != currency:
            raise CurrencyMismatch(expected=currency, got=money.currency)


def _check_unit(unit: UnitRequest, lines: Mapping[str, LineFacts]) -> None:
    if unit.line_id not in lines:
        raise UnknownLine(line=unit.line_id)
    if not _is_count(unit.quantity):
        raise QuantityNotPositive(line=unit.line_id, quantity=str(unit.quantity))
    if (unit.wish is Wish.EXCHANGE) != (unit.exchange is not None):
        raise ExchangeIncomplete(line=unit.line_id)
    if unit.exchange is not None:
        _check_item(unit.exchange)


def _check_item(item: ExchangeItem) -> None:
    if not _is_count(item.quantity):
        raise QuantityNotPositive(variant=item.variant_id, quantity=str(item.quantity))
    if item.unit_price.minor < 0 or item.tax.minor < 0:
        raise NegativeAmount(field="exchange", variant=item.variant_id)


def _is_count(quantity: object) -> bool:
    return type(quantity) is int and quantity > 0


def _check_terms(terms: Terms) -> None:
    fee, restocking, bonus = terms.return_fee, terms.restocking, terms.bonus
    signs = [
        ("return_fee", fee.amount.minor if fee else 0),
        ("parcels", fee.parcels if fee else 0),
        ("restocking", restocking.percent if restocking else 0),
        ("restocking", restocking.fixed.minor if restocking and restocking.fixed else 0),
        ("bonus", bonus.percent if bonus else 0),
        ("bonus", bonus.flat.minor if bonus and bonus.flat else 0),
    ]
    for name, sign in signs:
        if sign < 0:
            raise NegativeAmount(field=name)


def _moneys(value: object) -> Iterator[Money]:
    if isinstance(value, Money):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from _moneys(each)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _moneys(getattr(value, field.name))
