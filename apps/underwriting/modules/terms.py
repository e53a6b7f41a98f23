"""A policy's terms as JSON: read, judged and written; and the terms of who has no policy."""

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

from apps.core.errors import Detail, DomainError
from apps.core.money import DECIMALS, Money
from apps.underwriting.choices import EARLY, Exposure, Family
from apps.underwriting.dtos import Cap, LossRate, PolicyTerms, Step, Sums

SCOPES: tuple[str, ...] = tuple(Exposure.Scope.values)
SETS = (
    "countries",
    "risky_countries",
    "excluded_categories",
    "risky_categories",
    "risky_carriers",
)
FIELDS = frozenset({"steps", "sums", "weights", "most_per_day", "loss_rates", *SETS})
HEAVIEST = 500
HIGHEST_SCORE = 1000
LONGEST_LIST = 500


class TermsInvalid(DomainError):
    code = "underwriting_terms_invalid"
    title = "The terms of the policy cannot be read"
    status = 400


class _Problem(Exception):
    """One thing that is wrong, with its place."""


def read_terms(data: Mapping[str, Any]) -> PolicyTerms:
    """Raises TermsInvalid with every problem, so that a form shows all of them at once."""
    problems: list[Detail] = [f"{name}: unknown" for name in sorted(set(data) - FIELDS)]
    readers: dict[str, Callable[[Any], Any]] = {
        "steps": _steps,
        "sums": _sums,
        "weights": _weights,
        "most_per_day": lambda value: _count("most_per_day", value, 1, 1000),
        "loss_rates": _loss_rates,
        **{name: _names(name) for name in SETS},
    }
    read: dict[str, Any] = {}
    for name, reader in readers.items():
        if name not in data:
            continue
        try:
            read[name] = reader(data[name])
        except (_Problem, DomainError) as problem:
            problems.append(str(problem))
        except (AttributeError, KeyError, TypeError, ValueError):
            problems.append(f"{name}: not in the form that it should have")
    problems += [f"{name}: missing" for name in ("steps", "sums") if name not in data]
    if problems:
        raise TermsInvalid(problems=problems)
    return PolicyTerms(**read)


def terms_json(terms: PolicyTerms) -> dict[str, Any]:
    """The inverse of `read_terms`."""
    return {
        "steps": [
            {"up_to": step.up_to, "rung": step.rung, "percent": step.percent}
            for step in terms.steps
        ],
        "sums": {currency: _sums_json(sums) for currency, sums in terms.sums.items()},
        "weights": dict(terms.weights),
        "most_per_day": terms.most_per_day,
        "loss_rates": [
            {"up_to": rate.up_to, "basis_points": rate.basis_points} for rate in terms.loss_rates
        ],
        **{name: sorted(getattr(terms, name)) for name in SETS},
    }


def _sums_json(sums: Sums) -> dict[str, Any]:
    return {
        "value_steps": [_text(step) for step in sums.value_steps],
        "most_asked": _text(sums.most_asked),
        "most": {rung: _text(amount) for rung, amount in sums.most.items()},
        "caps": {
            scope: {"amount": _text(cap.amount), "count": cap.count}
            for scope, cap in sums.caps.items()
        },
    }


def _text(amount: Money) -> str:
    return amount.as_json()["amount"]


def _require(condition: bool, problem: str) -> None:
    if not condition:
        raise _Problem(problem)


def _count(where: str, value: Any, least: int, most: int) -> int:
    _require(type(value) is int and least <= value <= most, f"{where}: {least} to {most}")
    return int(value)


def _ascending(where: str, values: list[Any]) -> None:
    _require(all(one < other for one, other in pairwise(values)), f"{where}: must rise")


def _steps(value: Any) -> tuple[Step, ...]:
    steps = tuple(
        Step(
            up_to=_count("steps.up_to", each["up_to"], 0, HIGHEST_SCORE),
            rung=str(each["rung"]),
            percent=_count("steps.percent", each.get("percent", 100), 1, 100),
        )
        for each in value
    )
    _require(bool(steps), "steps: at least one")
    _require(all(step.rung in EARLY for step in steps), f"steps.rung: one of {', '.join(EARLY)}")
    _ascending("steps.up_to", [step.up_to for step in steps])
    # A worse score never gives a better rung, nor more at the same one.
    _ascending("steps", [(EARLY.index(step.rung), -step.percent) for step in steps])
    return steps


def _sums(value: Any) -> dict[str, Sums]:
    _require(bool(value), "sums: at least one currency")
    return {str(currency): _sums_in(str(currency), each) for currency, each in value.items()}


def _sums_in(currency: str, value: Any) -> Sums:
    _require(currency in DECIMALS, f"sums.{currency}: no currency")

    def amount(text: Any) -> Money:
        result = Money.of(str(text), currency)
        _require(result.minor >= 0, f"sums.{currency}: below zero")
        return result

    steps = tuple(amount(text) for text in value.get("value_steps", ()))
    _ascending(f"sums.{currency}.value_steps", list(steps))
    most = {rung: amount(value["most"][rung]) for rung in EARLY}
    _require(
        all(one <= other for one, other in pairwise(most.values())),
        f"sums.{currency}.most: must not fall",
    )
    _require(set(value["caps"]) == set(SCOPES), f"sums.{currency}.caps: {', '.join(SCOPES)}")
    caps = {
        scope: Cap(
            amount(value["caps"][scope]["amount"]),
            _count(f"sums.{currency}.caps.{scope}", value["caps"][scope]["count"], 0, 10**9),
        )
        for scope in SCOPES
    }
    return Sums(steps, amount(value["most_asked"]), most, caps)


def _weights(value: Any) -> dict[str, int]:
    unknown = sorted(set(value) - set(Family.values))
    _require(not unknown, f"weights: no family {', '.join(unknown)}")
    return {name: _count(f"weights.{name}", each, 0, HEAVIEST) for name, each in value.items()}


def _loss_rates(value: Any) -> tuple[LossRate, ...]:
    rates = tuple(
        LossRate(
            _count("loss_rates.up_to", each["up_to"], 0, HIGHEST_SCORE),
            _count("loss_rates.basis_points", each["basis_points"], 0, 10_000),
        )
        for each in value
    )
    _ascending("loss_rates.up_to", [rate.up_to for rate in rates])
    return rates


def _names(where: str) -> Callable[[Any], frozenset[str]]:
    def read(value: Any) -> frozenset[str]:
        _require(
            isinstance(value, list)
            and len(value) <= LONGEST_LIST
            and all(isinstance(name, str) and 0 < len(name) <= 120 for name in value),
            f"{where}: a list of names",
        )
        # Categories are compared without case; countries and carriers are codes.
        fold = str.casefold if "categories" in where else str
        return frozenset(fold(name) for name in value)

    return read
