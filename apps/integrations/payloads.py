"""Reading a platform's JSON: every figure a decimal text, every time with its zone."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from apps.core.errors import DomainError
from apps.core.money import Money
from apps.integrations.dtos import Address

type Payload = Mapping[str, Any]


class MalformedPayload(DomainError):
    code = "malformed_payload"
    title = "The platform's payload lacks what an order needs"
    status = 400


def required(payload: Payload, name: str) -> Any:
    value = payload.get(name)
    if value is None or value == "":
        raise MalformedPayload(missing=name)
    return value


def text(payload: Payload, name: str) -> str:
    value = payload.get(name)
    return "" if value is None else str(value)


def money(payload: Payload, name: str, currency: str) -> Money:
    """Absent means zero; anything inexact raises InexactAmount."""
    return Money.of(text(payload, name) or "0", currency)


def moment(value: str) -> datetime:
    """ISO 8601; without a zone it is UTC, which is what `*_gmt` fields say of themselves."""
    try:
        parsed = datetime.fromisoformat(value)
    except ValueError:
        raise MalformedPayload(time=value[:40]) from None
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def moment_or_none(payload: Payload, name: str) -> datetime | None:
    value = text(payload, name)
    return moment(value) if value else None


def full_name(payload: Payload) -> str:
    return f"{text(payload, 'first_name')} {text(payload, 'last_name')}".strip()


def address(payload: Payload, names: Mapping[str, str]) -> Address:
    """`names` says under which key the platform keeps each field of Address."""
    fields = {field: text(payload, key).strip() for field, key in names.items()}
    return Address(**{**fields, "name": fields.get("name") or full_name(payload)})
