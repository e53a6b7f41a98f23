"""JSON as the API takes it: bounded, one value per key, nothing PostgreSQL refuses (C-07)."""

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NoReturn

MAX_DEPTH = 64
MAX_NODES = 10_000
MAX_INTEGER = 2**53
MAX_NUMBER_LENGTH = 40
MAX_EXPONENT = 300
# A string, or an opening or closing bracket outside of one; linear on every input.
_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[\]{}]', re.DOTALL)
_SUSPECT_ESCAPE = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")


class Refused(ValueError):
    """The body is not JSON we take; `code` says which rule it breaks."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def loads(raw: bytes) -> Any:
    """Integers stay int, other numbers become Decimal; raises Refused, never anything else."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused("invalid_encoding", "The body is not UTF-8.") from None
    _refuse_depth(text)
    try:
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_float=_decimal,
            parse_constant=_constant,
        )
    except json.JSONDecodeError as error:
        raise Refused("malformed_json", f"The body is not JSON: {error.msg}.") from None
    # Each value but the root follows a comma or an opening bracket.
    if 1 + text.count(",") + text.count("[") + text.count("{") > MAX_NODES:
        _refuse_nodes(value)
    if _SUSPECT_ESCAPE.search(text):
        _refuse_characters(value)
    return value


def _refuse_depth(text: str) -> None:
    if text.count("[") + text.count("{") <= MAX_DEPTH:
        return
    depth = 0
    for match in _BRACKETS.finditer(text):
        character = match[0][0]
        if character in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise Refused("json_too_deep", f"JSON nests deeper than {MAX_DEPTH} levels.")
        elif character in "]}":
            depth -= 1


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Refused("duplicate_key", "A JSON object names a key twice.")
    return found


def _integer(text: str) -> int:
    if len(text) > len(str(MAX_INTEGER)) + 1 or abs(int(text)) > MAX_INTEGER:
        raise Refused("number_too_large", "A JSON integer is larger than 2^53.")
    return int(text)


def _decimal(text: str) -> Decimal:
    exponent = text.lower().partition("e")[2]
    if len(text) > MAX_NUMBER_LENGTH or abs(int(exponent or 0)) > MAX_EXPONENT:
        raise Refused("number_too_large", "A JSON number is too long or too large.")
    return Decimal(text)


def _constant(text: str) -> NoReturn:
    raise Refused("malformed_json", f"{text} is not JSON.")


def nodes(value: Any) -> Iterator[Any]:
    """Every value and every key, without recursion."""
    waiting = [value]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, dict):
            waiting.extend(node)
            waiting.extend(node.values())
        elif isinstance(node, list):
            waiting.extend(node)


def _refuse_nodes(value: Any) -> None:
    values = 1
    for node in nodes(value):
        values += len(node) if isinstance(node, dict | list) else 0
    if values > MAX_NODES:
        raise Refused("json_too_large", f"JSON holds more than {MAX_NODES} values.")


def _refuse_characters(value: Any) -> None:
    for node in nodes(value):
        if isinstance(node, str) and not is_storable(node):
            raise Refused("invalid_character", "A JSON string holds NUL or a lone surrogate.")


def is_storable(text: str) -> bool:
    """PostgreSQL's text takes no NUL, and UTF-8 has no form for a lone surrogate."""
    return "\x00" not in text and not any("\ud800" <= character <= "\udfff" for character in text)
