"""Fields that take exactly their JSON type: no "1" for 1, no true for 1, a cap on everything."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, override
from uuid import UUID

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.api.common.countries import COUNTRIES
from apps.api.common.strict_json import is_storable
from apps.core.errors import DomainError
from apps.core.money import DECIMALS, InexactAmount, Money, decimals_of

INTEGER_MAX = 2**31 - 1
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_AMOUNT = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,3})?")
_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,10})?")
_LINES = frozenset("\n\r\t")
MONEY_SCHEMA = {
    "type": "object",
    "description": "An exact amount, with as many decimals as the currency has.",
    "properties": {
        "amount": {"type": "string", "pattern": r"^-?\d+(\.\d+)?$", "examples": ["12.95"]},
        "currency": {"type": "string", "pattern": "^[A-Z]{3}$", "examples": ["EUR"]},
    },
    "required": ["amount", "currency"],
    "additionalProperties": False,
}


def _matches(shape: re.Pattern[str], data: object) -> bool:
    return isinstance(data, str) and shape.fullmatch(data) is not None


def is_clean(text: str, lines: bool) -> bool:
    """No control characters, and no line breaks either unless `lines`."""
    return is_storable(text) and not any(
        unicodedata.category(character) == "Cc" and not (lines and character in _LINES)
        for character in text
    )


class StrictCharField(serializers.CharField):
    """A JSON string of at most `max_length` characters; `lines` allows line breaks."""

    default_error_messages = {
        "invalid": "Not a string.",
        "invalid_character": "Control characters are not taken.",
    }

    def __init__(self, *, max_length: int, lines: bool = False, **kwargs: Any) -> None:
        self.lines = lines
        super().__init__(max_length=max_length, **kwargs)

    @override
    def run_validation(self, data: Any = serializers.empty) -> Any:
        if data is not serializers.empty and data is not None and not isinstance(data, str):
            self.fail("invalid")
        return super().run_validation(data)

    @override
    def to_internal_value(self, data: Any) -> str:
        if not is_clean(data, self.lines):
            self.fail("invalid_character")
        return super().to_internal_value(data)


class StrictEmailField(StrictCharField):
    """An address of at most 254 characters, answered in lower case."""

    default_error_messages = {"invalid_email": "Not an e-mail address."}
    # Deliberately plain: the proof of an address is the mail that arrives.
    _SHAPE = re.compile(r"[^@\s<>\"(),:;\\\[\]]{1,64}@[^@\s<>\"(),:;\\\[\]]{1,189}")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 254, **kwargs})

    @override
    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        host = text.rpartition("@")[2]
        if text and not (self._SHAPE.fullmatch(text) and "." in host.strip(".")):
            self.fail("invalid_email")
        return text.lower()


class StrictIntegerField(serializers.IntegerField):
    """A JSON integer; without other limits it fits PostgreSQL's integer."""

    default_error_messages = {"invalid": "Not an integer."}

    def __init__(self, *, min_value: int = 0, max_value: int = INTEGER_MAX, **kwargs: Any) -> None:
        super().__init__(min_value=min_value, max_value=max_value, **kwargs)

    @override
    def to_internal_value(self, data: Any) -> int:
        if type(data) is not int:
            self.fail("invalid")
        return data


class StrictBoolField(serializers.BooleanField):
    default_error_messages = {"invalid": "Not true or false."}

    @override
    def to_internal_value(self, data: Any) -> bool:
        if type(data) is not bool:
            self.fail("invalid", input=data)
        return data


class StrictChoiceField(serializers.ChoiceField):
    """One of the names, as a string."""

    @override
    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid_choice", input=type(data).__name__)
        try:
            return super().to_internal_value(data)
        except serializers.ValidationError:
            self.fail("invalid_choice", input=data[:40])


class StrictUUIDField(serializers.UUIDField):
    """The hyphenated text form only."""

    @override
    def to_internal_value(self, data: Any) -> UUID:
        if not _matches(_UUID, data):
            self.fail("invalid", value=str(data)[:40] if isinstance(data, str) else "")
        return UUID(data)


class StrictDateTimeField(serializers.DateTimeField):
    """ISO 8601 with its offset, between 2000 and 2100, answered in UTC."""

    default_error_messages = {
        "invalid": "Not an ISO 8601 time.",
        "no_offset": "The time needs an offset, such as Z.",
        "out_of_range": "The time is not between 2000 and 2100.",
    }

    @override
    def to_internal_value(self, value: Any) -> datetime:
        if not isinstance(value, str) or len(value) > 40:
            self.fail("invalid")
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail("invalid")
        if moment.tzinfo is None:
            self.fail("no_offset")
        if not 2000 <= moment.year < 2100:
            self.fail("out_of_range")
        return moment.astimezone(UTC)


@extend_schema_field({"type": "string", "examples": ["12.5"]})
class StrictDecimalField(serializers.Field[Decimal, str, str, Any]):
    """An exact number written as a string, `"12.5"`, inside the limits and decimals given."""

    default_error_messages = {
        "invalid": "Not a decimal number in a string.",
        "out_of_range": "Not between {least} and {most} with at most {places} decimals.",
    }

    def __init__(self, *, least: str, most: str, places: int = 2, **kwargs: Any) -> None:
        self.least, self.most, self.places = Decimal(least), Decimal(most), places
        super().__init__(**kwargs)

    @override
    def to_internal_value(self, data: str) -> Decimal:
        if not _matches(_NUMBER, data):
            self.fail("invalid")
        number = Decimal(data)
        decimals = len(data.partition(".")[2])
        if decimals > self.places or not self.least <= number <= self.most:
            self.fail("out_of_range", least=self.least, most=self.most, places=self.places)
        return number

    @override
    def to_representation(self, value: Decimal) -> str:
        return format(value, "f")


class StrictListField(serializers.ListField):
    """A JSON array of at most `max_length` of `child`."""

    def __init__(self, *, child: Any, max_length: int, min_length: int = 0, **kwargs: Any) -> None:
        super().__init__(child=child, max_length=max_length, min_length=min_length, **kwargs)

    @override
    def to_internal_value(self, data: Any) -> list[Any]:
        if not isinstance(data, list):
            self.fail("not_a_list", input_type=type(data).__name__)
        # Before the children are judged, so that a long list costs nothing.
        if len(data) > (self.max_length or 0):
            self.fail("max_length", max_length=self.max_length)
        return super().to_internal_value(data)


class CurrencyField(StrictChoiceField):
    """An ISO 4217 code in use."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=sorted(DECIMALS), **kwargs)


class CountryField(StrictChoiceField):
    """An ISO 3166-1 alpha-2 code."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=COUNTRIES, **kwargs)


@extend_schema_field(MONEY_SCHEMA)
class MoneyField(serializers.Field[Money, Any, dict[str, str], Any]):
    """`{"amount": "12.95", "currency": "EUR"}` with exactly the currency's decimals."""

    default_error_messages = {
        "invalid": 'Not an amount: {{"amount": "12.95", "currency": "EUR"}}.',
        "too_small": "The amount is too small.",
    }

    def __init__(self, *, least: int | None = 0, **kwargs: Any) -> None:
        """`least` is in minor units; 1 for amounts that must be positive, None for any sign."""
        self.least = least
        super().__init__(**kwargs)

    @override
    def to_internal_value(self, data: Any) -> Money:
        if not isinstance(data, Mapping) or set(data) != {"amount", "currency"}:
            self.fail("invalid")
        amount, currency = data["amount"], data["currency"]
        if not (_matches(_AMOUNT, amount) and isinstance(currency, str)):
            self.fail("invalid")
        try:
            money = Money.of(amount, currency)
            if len(amount.partition(".")[2]) != decimals_of(currency):
                raise InexactAmount
        except DomainError as refused:
            raise serializers.ValidationError(refused.title, code=refused.code) from None
        if self.least is not None and money.minor < self.least:
            self.fail("too_small")
        return money

    @override
    def to_representation(self, value: Money) -> dict[str, str]:
        return value.as_json()


@extend_schema_field(
    {"type": "object", "additionalProperties": {"type": "string", "maxLength": 500}}
)
class MetadataField(serializers.Field[Any, Any, Any, Any]):
    """Up to 20 names of the caller's own (40 characters), each with a string (500)."""

    default_error_messages = {
        "invalid": "Not an object of at most 20 strings, names up to 40 and values up to 500.",
    }

    @override
    def to_internal_value(self, data: Any) -> dict[str, str]:
        if not isinstance(data, Mapping) or len(data) > 20:
            self.fail("invalid")
        for name, value in data.items():
            if not (self._fits(name, 40) and name and self._fits(value, 500)):
                self.fail("invalid")
        return dict(data)

    @staticmethod
    def _fits(value: object, most: int) -> bool:
        return isinstance(value, str) and len(value) <= most and is_clean(value, lines=True)

    @override
    def to_representation(self, value: Any) -> Any:
        return value
