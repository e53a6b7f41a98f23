"""How each country writes an address: a table of words and shapes, folded where they are words."""

from collections.abc import Mapping
from dataclasses import dataclass

from apps.integrations.addresses.words import (
    DUTCH,
    DUTCH_UNITS,
    ENGLISH,
    ENGLISH_UNITS,
    FRENCH,
    FRENCH_UNITS,
    GERMAN,
    GERMAN_UNITS,
    ITALIAN,
    ITALIAN_UNITS,
    POLISH,
    POLISH_UNITS,
    PORTUGUESE,
    PORTUGUESE_UNITS,
    SPANISH,
    SPANISH_UNITS,
)


@dataclass(frozen=True, slots=True)
class Format:
    """`postcode` finds what people write, wider than what is right; `endings` are of compounds.

    `number_first`: "12 rue X"; `town_first`: the town stands before the postcode; `letter_apart`:
    the letter of "12 a" is a part of the number, and not a door.
    """

    postcode: str
    streets: frozenset[str]
    units: frozenset[str]
    endings: tuple[str, ...] = ()
    prefix: str = ""
    number_first: bool = False
    town_first: bool = False
    letter_apart: bool = False
    # No other country's postcode looks so.
    is_unmistakable: bool = False


_GERMAN_ENDINGS = (
    "strasse", "str", "weg", "platz", "allee", "gasse", "ring", "damm", "ufer", "chaussee",
    "markt", "graben", "steig", "promenade", "stieg", "hof",
)  # fmt: skip
_DUTCH_ENDINGS = (
    "straat", "laan", "weg", "plein", "gracht", "kade", "singel", "dijk", "pad", "plantsoen",
    "dreef", "steeg", "markt", "burgwal", "lei", "steenweg", "baan", "vest", "hof",
)  # fmt: skip

FORMATS: Mapping[str, Format] = {
    "ES": Format(r"\d{5}", SPANISH, SPANISH_UNITS, prefix="E"),
    "FR": Format(r"\d{5}|\d{2} \d{3}", FRENCH, FRENCH_UNITS, prefix="F", number_first=True),
    "DE": Format(
        r"\d{5}", GERMAN, GERMAN_UNITS, _GERMAN_ENDINGS, prefix="D", letter_apart=True
    ),
    "IT": Format(r"\d{5}", ITALIAN, ITALIAN_UNITS, prefix="I"),
    "PT": Format(
        r"\d{4}(?: ?- ?\d{3})?", PORTUGUESE, PORTUGUESE_UNITS, prefix="P", is_unmistakable=True
    ),
    "GB": Format(
        r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}",
        ENGLISH,
        ENGLISH_UNITS,
        prefix="GB",
        number_first=True,
        town_first=True,
        is_unmistakable=True,
    ),
    "NL": Format(
        r"\d{4} ?[A-Z]{2}",
        DUTCH,
        DUTCH_UNITS,
        _DUTCH_ENDINGS,
        prefix="NL",
        letter_apart=True,
        is_unmistakable=True,
    ),
    "BE": Format(
        r"\d{4}", FRENCH | DUTCH, FRENCH_UNITS | DUTCH_UNITS, _DUTCH_ENDINGS, prefix="B"
    ),
    "PL": Format(
        r"\d{2} ?- ?\d{3}|\d{5}", POLISH, POLISH_UNITS, prefix="PL", letter_apart=True,
        is_unmistakable=True,
    ),
    "US": Format(
        r"\d{5}(?:-\d{4})?",
        ENGLISH,
        ENGLISH_UNITS,
        prefix="US",
        number_first=True,
        town_first=True,
    ),
}  # fmt: skip
# For every other country: read as well as it goes, and always to be looked at.
UNKNOWN = Format(
    r"[A-Z]{0,2}-?\d{3,6}",
    GERMAN | FRENCH | SPANISH | ITALIAN | ENGLISH,
    GERMAN_UNITS | FRENCH_UNITS | ENGLISH_UNITS,
    _GERMAN_ENDINGS + _DUTCH_ENDINGS,
)
