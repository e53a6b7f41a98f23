"""Reads street, number and what narrows the place down from what town and country left."""

import re

from apps.integrations.addresses.parts import Draft, has_street_word, is_street_word, plain
from apps.integrations.addresses.words import MONTHS

_MARK = re.compile(
    r"(?:^|(?<=\s))(?:n[º°o]?\.?[º°]?|n\.?[rº°]\.?|n[úu]m(?:ero|\.)?|no\.?)\s*(?=\d)", re.IGNORECASE
)
_NONE = re.compile(r"(?<![\w/])(?:s/n[º°]?|s\.n\.|snc|s/nº)(?!\w)", re.IGNORECASE)
_FIGURES = r"\d{1,5}(?:\s?[-/+]\s?\d{1,4}(?![\d.º°ª]))?"
_TAILS = {
    "": r"(?:\s?(?:bis|ter|quater)\b|[-/]?[A-Za-z](?![\w.º°ª]))?",
    "apart": r"(?:[ -]?(?:hs|bis)\b|[-/ ]?[A-Za-z](?:/\d{1,4})?(?![\w.º°ª])|-[IVX]{1,4}\b)?",
}
_NOT_A_NUMBER = r"(?!\s*[º°ª]|\.?[ºª]|\.\s*\w|\s*(?:st|nd|rd|th|er|e|de|di|du|do)\b|\w)"
_ORDINAL = re.compile(
    r"^\d{1,2}\s?\.?[ºª°]|^\d{1,2}(?:st|nd|rd|th)\s+(?:floor|fl)\b", re.IGNORECASE
)
_SHORT = re.compile(r"^(?:\d{1,3}|[A-Za-z]|\d{1,3}\s?-?\s?[A-Za-z])$")


def take_street(draft: Draft) -> None:
    """Everything that is left goes somewhere: to the street, its number, the detail, or whoever
    lives there."""
    if "street" in draft.found:
        _take_rest(draft)
        return
    if not draft.left:
        return
    index = _place(draft)
    before = [(part, is_detail(part, draft)) for part in draft.left[:index]]
    part, rest = draft.left[index], draft.left[index + 1 :]
    draft.left = []
    _read(draft, part)
    if "number" not in draft.found and rest and _take_number_alone(draft, rest[0]):
        rest = rest[1:]
    _take_parts_before(draft, before)
    for each in rest:
        if not is_detail(each, draft):
            draft.odd.add("detail")
        draft.add("detail", each)


def _take_parts_before(draft: Draft, parts: list[tuple[str, bool]]) -> None:
    """A number alone before its street, details, the name of a house, and whoever lives there."""
    inside = False
    for at, (part, is_known) in enumerate(parts):
        is_last = at == len(parts) - 1
        numbered = "number" in draft.found
        if is_last and not numbered and _take_number_alone(draft, part):
            continue
        names_house = is_last and not numbered and draft.country == "GB"
        inside = inside or is_known or names_house
        draft.add("detail" if inside else "recipient", part)


def _take_number_alone(draft: Draft, part: str) -> bool:
    told = _MARK.sub("", part).strip()
    found = _shape(draft).match(told) or _NONE.match(told)
    if found is None:
        return False
    draft.found["number"] = found[0].strip()
    draft.add("detail", told[found.end() :])
    return True


def _take_rest(draft: Draft) -> None:
    for part in draft.left:
        draft.add("detail" if is_detail(part, draft) else "recipient", part)


def _place(draft: Draft) -> int:
    """The part most like a street; of two alike the first."""
    best, place = max((_likeness(draft, part), -n) for n, part in enumerate(draft.left))
    # Neither a figure nor a word of streets: the last part, as names come before.
    return -place if best else len(draft.left) - 1


def _likeness(draft: Draft, part: str) -> int:
    figure = any(c.isdigit() for c in part)
    word = has_street_word(part, draft.format)
    if is_detail(part, draft) and not (word and figure):
        return 0
    if _SHORT.match(part):
        return 0
    return 2 * word + figure


def is_detail(part: str, draft: Draft) -> bool:
    """It begins with a floor, a door or a building."""
    first = part.split(maxsplit=1)[0]
    return bool(
        plain(first) in draft.format.units
        or first.startswith("#")
        or _ORDINAL.match(part)
        or (len(part) < 12 and plain(part.rsplit(maxsplit=1)[-1]) in draft.format.units)
    )


def _read(draft: Draft, part: str) -> None:
    first = _first_is_number(draft, part)
    (_read_number_first if first else _read_number_last)(draft, _MARK.sub("", part))


def _first_is_number(draft: Draft, part: str) -> bool:
    """By custom, or because a word of streets follows the figures."""
    parts = part.split()
    if draft.format.number_first:
        at = _door_before_number(draft, parts)
        return parts[at][0].isdigit() if at < len(parts) else False
    follows = parts[1:2] and is_street_word(plain(parts[1]), draft.format)
    return bool(parts[0][0].isdigit() and follows)


def _door_before_number(draft: Draft, parts: list[str]) -> int:
    """ "Flat 2 14 High Street": where the number stands."""
    is_door = plain(parts[0]) in draft.format.units and len(parts) > 2
    return 2 if is_door and any(c.isdigit() for c in parts[2]) else 0


def _read_number_first(draft: Draft, part: str) -> None:
    parts = part.split()
    at = _door_before_number(draft, parts)
    draft.add("detail", " ".join(parts[:at]))
    told = " ".join(parts[at:])
    found = _shape(draft).match(told)
    number = found[0].strip() if found else parts[at]
    draft.found["number"] = number
    street = told[len(number) :].strip(" ,").split()
    end = _end_of_street(draft, street)
    draft.found["street"] = " ".join(street[:end])
    draft.add("detail", " ".join(street[end:]))


def _end_of_street(draft: Draft, street: list[str]) -> int:
    """Where a door begins behind the street; its first two words are always its own."""
    for at, word in enumerate(street):
        told = plain(word)
        known = told in draft.format.units and not (
            is_street_word(told, draft.format)
            and not any(c.isdigit() for c in "".join(street[at:]))
        )
        if at and (word.startswith("#") or (known and at + 1 <= len(street) and at > 0)):
            return at
    return len(street)


def _shape(draft: Draft) -> re.Pattern[str]:
    tail = _TAILS["apart" if draft.format.letter_apart else ""]
    return re.compile(rf"(?<![\w/.-]){_FIGURES}{tail}{_NOT_A_NUMBER}")


def _read_number_last(draft: Draft, part: str) -> None:
    found = _NONE.search(part) or _number_in(draft, part)
    if found is None:
        street = part.split()
        end = _end_of_street(draft, street)
        draft.found["street"] = " ".join(street[:end])
        draft.add("detail", " ".join(street[end:]))
        return
    draft.found["street"] = part[: found.start()].strip(" ,")
    draft.found["number"] = found[0].strip()
    draft.add("detail", part[found.end() :])


def _number_in(draft: Draft, part: str) -> re.Match[str] | None:
    """The first figure that is no part of the street's name; it never begins the part."""
    for found in _shape(draft).finditer(part):
        following = part[found.end() :].split()
        named = bool(following) and plain(following[0]) in MONTHS
        if found.start() and not named:
            return found
    return None
