"""Takes an address apart at its commas and lines, and takes country and c/o lines out."""

import re
from dataclasses import dataclass, field

from apps.integrations.addresses import countries
from apps.integrations.addresses.cleaning import fold
from apps.integrations.addresses.formats import FORMATS, UNKNOWN, Format
from apps.integrations.addresses.words import BOXES, CARE, CODES, NAMED

_SEPARATORS = re.compile(r"\s*[\n,;|·•]\s*|\s+[-\u2013\u2014]\s+|\s+/\s+")
_EDGES = " \t.,;:-\u2013\u2014()\"'"
_CARE = re.compile(
    rf"(?:^|(?<=\s))(?:{'|'.join(re.escape(each) for each in CARE)})(?=\s|$|(?<=[:/.]))",
    re.IGNORECASE,
)
_BOX = re.compile(
    rf"(?:^|(?<=\s))({'|'.join(BOXES)})\s*(?:n[º°o]?\.?\s*)?(\d[\d ]*\d|\d)", re.IGNORECASE
)
_PREFIXED = re.compile(r"(?:^|(?<=\s))([A-Z]{1,2})-? ?(?=\d{2}-?\d{2,3}\b)")
_PREFIXES = {each.prefix: code for code, each in FORMATS.items()} | {code: code for code in FORMATS}


@dataclass(slots=True)
class Draft:
    """What is still to be read, in the order in which it was written, and what was found."""

    left: list[str]
    country: str = ""
    # The text names it, or says it by the shape of its postcode.
    is_country_sure: bool = False
    found: dict[str, str] = field(default_factory=dict)
    odd: set[str] = field(default_factory=set)

    @property
    def format(self) -> Format:
        return FORMATS.get(self.country, UNKNOWN)

    def add(self, name: str, text: str) -> None:
        """Behind what is there already, parted by a comma."""
        told = text.strip(" \t,;:-\u2013\u2014")
        if told:
            self.found[name] = ", ".join(filter(None, (self.found.get(name, ""), told)))


def split(text: str) -> list[str]:
    return [part for each in _SEPARATORS.split(text) if (part := each.strip(" \t"))]


def plain(word: str) -> str:
    """For a look into the tables."""
    return fold(word).strip(_EDGES)


def take_country(draft: Draft, hint: str) -> None:
    """From the end of the text, else from a letter before the postcode, else the hint."""
    named = _named_last(draft) or _named_by_prefix(draft)
    draft.country = named or hint or guessed(draft.left)
    draft.is_country_sure = bool(named or hint)
    if named and hint and named != hint:
        draft.odd.add("country")


def _named_last(draft: Draft) -> str:
    """At the end, or at the end of what stands before a postcode that came after the country."""
    for index in range(len(draft.left) - 1, max(-1, len(draft.left) - 3), -1):
        parts = draft.left[index].split()
        for count in range(min(4, len(parts)), 0, -1):
            code = _country(parts[-count:], alone=count == len(parts))
            if code:
                draft.left[index] = " ".join(parts[:-count]).strip(" ,-(")
                draft.left = [each for each in draft.left if each]
                return code
    return ""


def _country(parts: list[str], *, alone: bool) -> str:
    """A code of two letters stands alone: CA, DE and IT are also states and provinces."""
    told = " ".join(parts).strip(_EDGES)
    name = NAMED.get(fold(told), "")
    if name and (len(told) > 2 or alone or told.isupper()):
        return name
    return CODES.get(told.upper(), "") if alone or told in {"USA", "UK"} else ""


def _named_by_prefix(draft: Draft) -> str:
    for index, part in enumerate(draft.left):
        found = _PREFIXED.search(part)
        code = _PREFIXES.get(found[1]) if found else None
        if found and code:
            draft.left[index] = part[: found.start()] + part[found.end() :]
            return code
    return ""


def guessed(parts: list[str]) -> str:
    """The country whose postcodes and words of streets fit alone; else empty."""
    text = " ".join(parts)
    scores = {code: _fits(code, form, text) for code, form in FORMATS.items()}
    best = max(scores.values())
    winners = [code for code, score in scores.items() if score == best]
    return winners[0] if best and len(winners) == 1 else ""


def _fits(code: str, form: Format, text: str) -> int:
    found = re.search(rf"(?<![\w-])(?:{form.postcode})(?![\w-])", text, re.IGNORECASE)
    if not found or not countries.is_postcode(code, found[0].replace(" - ", "-")):
        return 0
    told = [plain(word) for word in text.split()]
    streets = sum(is_street_word(word, form) for word in told)
    units = sum(word in form.units for word in told)
    state = code == "US" and any(word.upper() in countries.regions("US").values() for word in told)
    return 1 + 4 * form.is_unmistakable + 2 * min(2, streets) + min(2, units) + 4 * state


def is_street_word(word: str, form: Format) -> bool:
    """`word` as `plain` gives it."""
    return word in form.streets or (
        len(word) > 4 and word.rstrip("0123456789").rstrip(".").endswith(form.endings or ("\0",))
    )


def has_street_word(text: str, form: Format) -> bool:
    return any(is_street_word(plain(word), form) for word in text.split())


def take_care_of(draft: Draft) -> None:
    """From the mark to the end of its part, or to the first word that begins a street."""
    for index, part in enumerate(draft.left):
        found = _CARE.search(part)
        if found is None:
            continue
        before, rest = part[: found.start()].strip(), part[found.end() :].split()
        end = next((n for n, word in enumerate(rest) if n and _begins(word, draft)), len(rest))
        draft.add("recipient", " ".join([found[0], *rest[:end]]))
        kept = [before, " ".join(rest[end:])]
        draft.left[index : index + 1] = [each for each in kept if each]
        return


def _begins(word: str, draft: Draft) -> bool:
    return word[0].isdigit() or is_street_word(plain(word), draft.format)


def is_box(street: str) -> bool:
    return _BOX.match(f"{street} 1") is not None


def take_box(draft: Draft) -> None:
    """A post-office box is a street with a number."""
    for index, part in enumerate(draft.left):
        found = _BOX.search(part)
        if found is None:
            continue
        draft.add("street", found[1])
        draft.add("number", found[2])
        kept = (part[: found.start()].strip(), part[found.end() :].strip())
        draft.left[index : index + 1] = [each for each in kept if each]
        return
