"""Whether an address that somebody else made of a text holds nothing but that text (C-22)."""

from collections import Counter
from collections.abc import Iterator

from apps.integrations.addresses import countries
from apps.integrations.addresses.cleaning import clean, words
from apps.integrations.addresses.dtos import ParsedAddress
from apps.integrations.addresses.parts import Draft, split, take_country

LONGEST_RUN = 6
_WRITTEN_OUT = {
    "avda": "avenida", "av": "avenue", "avd": "avenida", "bd": "boulevard", "bvd": "boulevard",
    "c": "calle", "cl": "calle", "ctra": "carretera", "pza": "plaza", "plza": "plaza",
    "pl": "plaza", "r": "rua", "rd": "road", "ln": "lane", "st": "street", "ave": "avenue",
    "blvd": "boulevard", "dr": "drive", "ct": "court", "str": "strasse", "ul": "ulica",
    "al": "aleja", "os": "osiedle", "apt": "apartment", "ste": "suite", "fl": "floor",
}  # fmt: skip


def not_derivable(address: ParsedAddress, text: str, hint: str) -> set[str]:
    """The fields with a word that is neither in `text` nor follows from it; empty: all is well."""
    told = words(clean(text))
    runs = set(_runs(told))
    known = Counter(each for word in told for each in _forms(word))
    bad = {
        name
        for name in ("recipient", "street", "number", "detail", "city")
        if not _is_told(getattr(address, name), known, runs)
    }
    checks = {
        "postcode": _is_postcode_told(address, runs),
        "region": _is_region_told(address, known, runs),
        "country": _is_country_told(address, text, hint),
    }
    return bad | {name for name, is_well in checks.items() if not is_well}


def _forms(word: str) -> Iterator[str]:
    """A word, and what it is short for."""
    yield word
    if word in _WRITTEN_OUT:
        yield _WRITTEN_OUT[word]
    elif len(word) > 4 and word.endswith("str"):
        yield f"{word}asse"


def _runs(told: list[str]) -> Iterator[str]:
    """Neighbours written as one: "3511 AB" and "3511AB" are the same."""
    for start in range(len(told)):
        for end in range(start + 1, min(len(told), start + LONGEST_RUN) + 1):
            yield "".join(told[start:end])


def _is_told(field: str, known: Counter[str], runs: set[str]) -> bool:
    """No word more often than the text has it. Signs that are no words say nothing."""
    asked = words(field)
    return Counter(asked) <= known or "".join(asked) in runs


def _is_postcode_told(address: ParsedAddress, runs: set[str]) -> bool:
    """Only one that was written: a right postcode of another place sends goods there."""
    asked = "".join(words(address.postcode))
    return not asked or (
        asked in runs and countries.is_postcode(address.country, address.postcode.strip())
    )


def _is_region_told(address: ParsedAddress, known: Counter[str], runs: set[str]) -> bool:
    told = address.region
    if not told or told == countries.region_of(address.country, address.postcode):
        return True
    known_as = countries.regions(address.country)
    names = [name for name, region in known_as.items() if region == told]
    return _is_told(told, known, runs) or any(_is_told(name, known, runs) for name in names)


def _is_country_told(address: ParsedAddress, text: str, hint: str) -> bool:
    """The hint or what the text ends with; where both are silent, one whose postcodes look so."""
    draft = Draft(split(clean(text)))
    take_country(draft, hint)
    if not address.country or draft.is_country_sure:
        return address.country in {"", hint, draft.country}
    return bool(address.postcode and countries.postcode_shape(address.country))
