"""Readers of the contract: each value has the type that was promised, or MalformedPayload."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from apps.core.errors import DomainError
from apps.core.http import Unreadable
from apps.core.money import Money
from apps.integrations import payloads
from apps.integrations.payloads import MalformedPayload, Payload

WRONG = (KeyError, TypeError, ValueError, AttributeError)


@contextmanager
def shaped(what: str) -> Iterator[None]:
    try:
        yield
    except WRONG as error:
        raise MalformedPayload(shape=what) from error


@contextmanager
def after_effect(what: str) -> Iterator[None]:
    """Something was done, and what came of it cannot be read: HttpError, so that it is asked
    about and never done again."""
    try:
        with shaped(what):
            yield
    except DomainError as error:
        raise Unreadable("custom", f"the answer to {what} has another shape") from error


def name(payload: Payload, key: str) -> str:
    """An id or a title: never empty."""
    value = payloads.required(payload, key)
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise MalformedPayload(wrong=key)
    return str(value)


def count(payload: Payload, key: str) -> int:
    value = payloads.required(payload, key)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise MalformedPayload(wrong=key)
    return value


def flag(payload: Payload, key: str, default: bool) -> bool:
    value = payload.get(key, default)
    if not isinstance(value, bool):
        raise MalformedPayload(wrong=key)
    return value


def figure(payload: Payload, key: str, currency: str) -> Money:
    """A decimal text that has to be there."""
    value = payloads.required(payload, key)
    if not isinstance(value, str):
        raise MalformedPayload(wrong=key)
    return Money.of(value, currency)


def money(payload: Payload) -> Money:
    """`{"amount": "12.95", "currency": "EUR"}`."""
    return figure(payload, "amount", name(payload, "currency"))


def each(payload: Payload, key: str) -> Iterator[Mapping[str, Any]]:
    """The objects of a list; absent means none."""
    value = payload.get(key)
    if value is None:
        return
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise MalformedPayload(wrong=key)
    yield from value
