"""The scored set, and how well the deterministic parser reads it; no clock, no chance."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from apps.integrations.addresses.dtos import FIELDS, ParsedAddress, Suggestion
from apps.integrations.addresses.parsing import parse

PAGE = Path(__file__).with_name("scored.txt")


@dataclass(frozen=True, slots=True)
class Case:
    text: str
    hint: str
    wanted: ParsedAddress


@dataclass(frozen=True, slots=True)
class Score:
    """`sure`: how many the parser was sure of, and `sure_right` of them it read rightly."""

    addresses: int
    right: int
    fields: int
    fields_right: int
    sure: int
    sure_right: int

    @property
    def share(self) -> float:
        return self.right / self.addresses

    @property
    def share_of_fields(self) -> float:
        return self.fields_right / self.fields


def cases() -> Iterator[Case]:
    country = ""
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            country = line.strip("[]")
        elif line and not line.startswith("#"):
            text, told, *parts = (part.strip() for part in line.split("|"))
            wanted = ParsedAddress(**dict(zip(FIELDS, [*parts, country], strict=True)))
            yield Case(text.replace("⏎", "\n"), country if told == "+" else "", wanted)


def same(mine: str, wanted: str) -> bool:
    """Dots, commas and capitals are no matter."""
    first, second = (" ".join(each.casefold().split()) for each in (mine, wanted))
    return first.strip(" .,") == second.strip(" .,")


def wrong(case: Case, mine: ParsedAddress) -> list[str]:
    return [name for name in FIELDS if not same(getattr(mine, name), getattr(case.wanted, name))]


def of(told: list[tuple[Case, Suggestion]]) -> Score:
    bad = [wrong(case, mine.address) for case, mine in told]
    sure = [not mine.is_unsure for _, mine in told]
    return Score(
        addresses=len(told),
        right=sum(not each for each in bad),
        fields=len(told) * len(FIELDS),
        fields_right=sum(len(FIELDS) - len(each) for each in bad),
        sure=sum(sure),
        sure_right=sum(is_sure and not each for is_sure, each in zip(sure, bad, strict=True)),
    )


def line(country: str, score: Score) -> str:
    """As a row of docs/addresses.md."""
    figures = (score.addresses, score.right, f"{score.share_of_fields:.1%}", score.sure)
    return f"| {' | '.join(map(str, (country, *figures, score.sure_right)))} |"


def score() -> dict[str, Score]:
    """By country, and `all`."""
    told = [(case, parse(case.text, case.hint)) for case in cases()]
    countries = dict.fromkeys(case.wanted.country for case, _ in told)
    return {
        **{
            country: of([each for each in told if each[0].wanted.country == country])
            for country in countries
        },
        "all": of(told),
    }
