"""The table of docs/platforms.md: connectors, capabilities, and the tests that hold them to it."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from apps.integrations.choices import Capability
from apps.integrations.connectors import AbstractConnector
from apps.integrations.registry import all_connectors
from apps.integrations.tests.contract import PlatformContractTest, names_for

PAGE = Path(__file__).resolve().parents[3] / "docs" / "platforms.md"
START, END = "<!-- written by manage.py write_platforms -->", "<!-- end -->"


def written(page: str) -> str:
    """The page with its tables as they are now."""
    before, _, rest = page.partition(START)
    return f"{before}{START}\n\n{tables()}\n\n{END}{rest.partition(END)[2]}"


def tables() -> str:
    kinds = dict(sorted(all_connectors().items()))
    parts = [_offered(kinds), _missing(kinds), _left_out(kinds), _tests()]
    return "\n\n".join("\n".join(part) for part in parts if part)


def _offered(kinds: Mapping[str, type[AbstractConnector]]) -> list[str]:
    lines = [f"| capability | {' | '.join(kinds)} |", "|---|" + "---|" * len(kinds)]
    for capability in Capability:
        cells = [_cell(kind, capability) for kind in kinds.values()]
        lines.append(f"| `{capability}`: {capability.label} | {' | '.join(cells)} |")
    return lines


def _cell(kind: type[AbstractConnector], capability: Capability) -> str:
    if not kind.can(capability):
        return "no"
    passed = [test for test in names_for(capability) if test not in _excluded(kind)]
    return f"{len(passed)} tests" if len(passed) != 1 else "1 test"


def _missing(kinds: Mapping[str, type[AbstractConnector]]) -> list[str]:
    rows = [
        f"| {name} | `{capability}` | {kind.why_not[capability]} |"
        for name, kind in kinds.items()
        for capability in Capability
        if not kind.can(capability)
    ]
    return ["| platform | not offered | why |", "|---|---|---|", *rows] if rows else []


def _left_out(kinds: Mapping[str, type[AbstractConnector]]) -> list[str]:
    rows = [
        f"| {name} | {_words(test)} |"
        for name, kind in kinds.items()
        for capability in Capability
        for test in names_for(capability)
        if kind.can(capability) and test in _excluded(kind)
    ]
    return ["| platform | what it cannot be held to |", "|---|---|", *rows] if rows else []


def _tests() -> list[str]:
    rows = [
        f"| `{capability}` | {_words(test)} |"
        for capability in Capability
        for test in names_for(capability)
    ]
    return ["| capability | the contract's test |", "|---|---|", *rows]


def _words(test: str) -> str:
    return test.removeprefix("test_").replace("_", " ")


def _excluded(kind: type[AbstractConnector]) -> frozenset[str]:
    """Tests of the contract that the platform's own suite set to None; all, where it has none."""
    suites = [*_suites(kind)]
    names = {name for name in dir(PlatformContractTest) if name.startswith("test_")}
    run = {name for name in names if any(getattr(each, name, None) for each in suites)}
    return frozenset(names - run)


def _suites(kind: type[AbstractConnector]) -> Iterator[type[PlatformContractTest]]:
    """Out of tests/test_contract.py beside the connector."""
    tests = f"{kind.__module__.rpartition('.')[0]}.tests"
    if find_spec(tests) and find_spec(f"{tests}.test_contract"):
        for each in vars(import_module(f"{tests}.test_contract")).values():
            if isinstance(each, type) and issubclass(each, PlatformContractTest) and each.__test__:
                yield each
