"""Facts and reasons as JSON, exactly: what is stored is what was decided on."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from apps.core.money import Money
from apps.underwriting.dtos import (
    AddressSignals,
    EmailSignals,
    Facts,
    Finding,
    Goods,
    History,
    ListHits,
    Outcomes,
    Platform,
    Room,
)

_PARTS: Mapping[str, type[Any]] = {
    "goods": Goods,
    "history": History,
    "outcomes": Outcomes,
    "platform": Platform,
    "address": AddressSignals,
    "email": EmailSignals,
    "lists": ListHits,
}


def facts_json(facts: Facts) -> dict[str, Any]:
    parts = {name: asdict(getattr(facts, name)) for name in _PARTS}
    first = facts.history.first_order_at
    parts["history"]["first_order_at"] = first and first.isoformat()
    return {
        "value": facts.value.as_json(),
        "is_instant": facts.is_instant,
        **{name: _plain(part) for name, part in parts.items()},
        "rooms": [{"scope": room.scope, "left": room.left.as_json()} for room in facts.rooms],
    }


def read_facts(data: Mapping[str, Any]) -> Facts:
    """The inverse of `facts_json`; what later versions added takes its default."""
    parts = {name: _part(part, data.get(name, {})) for name, part in _PARTS.items()}
    return Facts(
        value=_money(data["value"]),
        is_instant=data["is_instant"],
        rooms=tuple(Room(each["scope"], _money(each["left"])) for each in data["rooms"]),
        **parts,
    )


def findings_json(findings: tuple[Finding, ...]) -> list[dict[str, Any]]:
    return [_plain(asdict(finding)) for finding in findings]


def _plain(part: dict[str, Any]) -> dict[str, Any]:
    """Choices as their plain values and tuples as lists, as they come back from the column."""
    return {name: _simple(value) for name, value in part.items()}


def _simple(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_simple(each) for each in value]
    return str(value) if isinstance(value, str) else value


def _part(part: type[Any], data: Mapping[str, Any]) -> Any:
    known = {field.name for field in fields(part)} & set(data)
    values = {name: data[name] for name in known}
    if values.get("first_order_at"):
        values["first_order_at"] = datetime.fromisoformat(values["first_order_at"])
    return part(
        **{
            name: tuple(value) if isinstance(value, list) else value
            for name, value in values.items()
        }
    )


def _money(data: Mapping[str, str]) -> Money:
    return Money.of(data["amount"], data["currency"])
