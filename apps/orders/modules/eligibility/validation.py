"""What is wrong with a set of rules, all of it at once and in codes."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol

from apps.core.errors import Detail, DomainError
from apps.orders.choices import Policy
from apps.orders.modules.eligibility.rules import NUMBERS

MAX_RULES = 100
MAX_CONDITIONS = 20
MAX_VALUES = 500
MAX_LENGTH = 200
MAX_CODE = 40
MAX_MESSAGE = 300
OF_NUMBERS = frozenset({Policy.Operator.AT_LEAST, Policy.Operator.AT_MOST})
OF_TEXTS = frozenset({Policy.Operator.IN, Policy.Operator.NOT_IN, Policy.Operator.GLOB})


class WrittenRule(Protocol):
    """A PolicyRule row, or the draft of one."""

    @property
    def code(self) -> str: ...
    @property
    def action(self) -> str: ...
    @property
    def conditions(self) -> Any: ...
    @property
    def messages(self) -> Any: ...
    @property
    def active_from(self) -> datetime | None: ...
    @property
    def active_until(self) -> datetime | None: ...


class PolicyInvalid(DomainError):
    """`problems` holds one entry per fault: rule (its place), code, and the condition's place."""

    code = "policy_invalid"
    title = "Some rules of the policy cannot be read"
    status = 400


@dataclass(frozen=True, slots=True)
class Problem:
    """Places count from zero; -1 stands for the policy or the rule as a whole."""

    code: str
    rule: int = -1
    condition: int = -1

    def as_json(self) -> dict[str, Detail]:
        return {"code": self.code, "rule": self.rule, "condition": self.condition}


def check(rules: Sequence[WrittenRule]) -> None:
    """Raises PolicyInvalid with every problem found."""
    found = list(problems(rules))
    if found:
        raise PolicyInvalid(problems=[problem.as_json() for problem in found])


def problems(rules: Sequence[WrittenRule]) -> Iterator[Problem]:
    if len(rules) > MAX_RULES:
        yield Problem("too_many_rules")
        return
    seen = Counter(rule.code for rule in rules)
    for place, rule in enumerate(rules):
        if seen[rule.code] > 1:
            yield Problem("code_not_unique", place)
        for code, is_wrong in _of_rule(rule).items():
            if is_wrong:
                yield Problem(code, place)
        yield from _of_conditions(rule.conditions, place)


def _of_rule(rule: WrittenRule) -> dict[str, bool]:
    start, end = rule.active_from, rule.active_until
    return {
        "code_malformed": not 1 <= len(rule.code) <= MAX_CODE,
        "unknown_action": rule.action not in Policy.Action.values,
        "dates_reversed": bool(start and end and end <= start),
        "messages_malformed": not _are_messages(rule.messages),
    }


def _are_messages(messages: Any) -> bool:
    return isinstance(messages, dict) and all(
        isinstance(text, str) and 1 <= len(text) <= MAX_MESSAGE for text in messages.values()
    )


def _of_conditions(conditions: Any, place: int) -> Iterator[Problem]:
    if not isinstance(conditions, list | tuple):
        yield Problem("conditions_not_a_list", place)
    elif len(conditions) > MAX_CONDITIONS:
        yield Problem("too_many_conditions", place)
    else:
        for number, condition in enumerate(conditions):
            code = _of_condition(condition)
            if code:
                yield Problem(code, place, number)


def _of_condition(condition: Any) -> str:
    if not isinstance(condition, dict) or set(condition) != {"field", "operator", "value"}:
        return "condition_malformed"
    name, operator, value = condition["field"], condition["operator"], condition["value"]
    if name not in Policy.Field.values:
        return "unknown_field"
    if operator not in Policy.Operator.values:
        return "unknown_operator"
    if operator not in (OF_NUMBERS if name in NUMBERS else OF_TEXTS):
        return "operator_does_not_fit"
    return _of_number(value) if name in NUMBERS else _of_words(value)


def _of_number(value: Any) -> str:
    try:
        number = None if isinstance(value, bool | float) else Decimal(str(value))
    except InvalidOperation:
        number = None
    return "" if number is not None and number.is_finite() else "value_not_a_number"


def _of_words(value: Any) -> str:
    words = value if isinstance(value, list) else [value]
    if not words or not all(isinstance(word, str) and word for word in words):
        return "value_not_words"
    if len(words) > MAX_VALUES or any(len(word) > MAX_LENGTH for word in words):
        return "value_too_long"
    return ""
