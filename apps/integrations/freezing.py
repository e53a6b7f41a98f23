"""The dataclasses of `asking` as JSON, so that what is promised is what is sent."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Any, get_args, get_origin, get_type_hints

from apps.core.money import Money

type Frozen = dict[str, Any]


def freeze(asked: Any) -> Frozen:
    return {field.name: _cold(getattr(asked, field.name)) for field in fields(asked)}


def thaw[T](into: type[T], frozen: Mapping[str, Any]) -> T:
    """The dataclass that `freeze` was given; a field that it did not know takes its default."""
    hints = get_type_hints(into)
    return into(**{name: _warm(hints[name], value) for name, value in frozen.items()})


def _cold(value: Any) -> Any:
    if isinstance(value, Money):
        return {"minor": value.minor, "currency": value.currency}
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_cold(each) for each in value]
    return freeze(value) if is_dataclass(value) else value


def _warm(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    if get_origin(kind) is tuple:
        return tuple(_warm(get_args(kind)[0], each) for each in value)
    if datetime in (kind, *get_args(kind)):
        return datetime.fromisoformat(value)
    if kind is Money:
        return Money(value["minor"], value["currency"])
    return thaw(kind, value) if is_dataclass(kind) and isinstance(kind, type) else value
