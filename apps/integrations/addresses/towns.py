"""Finds the postcode, and with it the town and the region, in what is left of a draft."""

import re
from dataclasses import dataclass

from apps.integrations.addresses import countries
from apps.integrations.addresses.cleaning import fold
from apps.integrations.addresses.parts import Draft, has_street_word, is_street_word, plain
from apps.integrations.addresses.words import COUNTIES, DIRECTIONS

_MARKS = re.compile(
    r"(?:\b(?:c\.? ?p\.?|cap|plz|zip|postcode|kod|c[oó]digo postal|cod\. postal)[:\s]+)$",
    re.IGNORECASE,
)
_PARENS = re.compile(r"\s*\(([^()]*)\)\s*$")
_TOWN_EDGES = " \t,;:-\u2013\u2014()"


@dataclass(frozen=True, slots=True)
class _Found:
    index: int
    start: int
    end: int
    text: str


def take_postcode_and_town(draft: Draft) -> None:
    found = _postcode(draft)
    if found is None:
        _take_last_as_town(draft)
        return
    part = draft.left[found.index]
    draft.found["postcode"] = written(draft.country, found.text)
    before = _MARKS.sub("", part[: found.start]).strip(_TOWN_EDGES)
    after = part[found.end :].strip(" \t,;:-")
    draft.left[found.index : found.index + 1] = [before, after]
    (_take_before if draft.format.town_first else _take_after)(draft, found.index)
    draft.left = [each for each in draft.left if each]


def written(country: str, postcode: str) -> str:
    """As the post of the country writes it."""
    told = re.sub(r"[\s-]", "", postcode).upper()
    cuts = {"PT": (4, "-"), "PL": (2, "-"), "NL": (4, " "), "GB": (-3, " ")}
    if country in cuts and len(told) > 4:
        at, by = cuts[country]
        return f"{told[:at]}{by}{told[at:]}"
    if country == "US" and len(told) > 5:
        return f"{told[:5]}-{told[5:]}"
    return told


def _postcode(draft: Draft) -> _Found | None:
    """The likeliest: one that a town follows (or, where towns come first, that ends its part)."""
    shape = re.compile(rf"(?<![\w/-])(?:{draft.format.postcode})(?![\w/-])", re.IGNORECASE)
    candidates = [
        (_likely(draft, part, match), index, match)
        for index, part in enumerate(draft.left)
        for match in shape.finditer(part)
    ]
    if not candidates:
        return None
    _, index, match = max(candidates, key=lambda each: (each[0], each[1], each[2].start()))
    return _Found(index, match.start(), match.end(), match[0])


def _likely(draft: Draft, part: str, match: re.Match[str]) -> int:
    after = part[match.end() :].strip(_TOWN_EDGES)
    if draft.format.town_first:
        return 2 * (not after)
    marked = _MARKS.search(part[: match.start()]) is not None
    town = bool(after) and not after[0].isdigit() and not has_street_word(after, draft.format)
    return 4 * marked + 2 * town + (match.start() == 0)


def _take_last_as_town(draft: Draft) -> None:
    """Without a postcode: the last part, if it is not the only one and no street."""
    if len(draft.left) > 1 and not _is_street(draft, draft.left[-1]):
        _town(draft, draft.left.pop())


def _is_street(draft: Draft, part: str) -> bool:
    return any(c.isdigit() for c in part) or has_street_word(part, draft.format)


def _take_after(draft: Draft, index: int) -> None:
    """`index` is what stood before the postcode, the next what stood behind it."""
    place = _place_of_town(draft, index)
    if place is not None:
        town, draft.left[place] = draft.left[place], ""
        _town(draft, town)
        _take_regions(draft, max(place, index + 1) + 1)
    elif draft.left[index]:
        draft.left[index] = _cut_town(draft, draft.left[index])


def _place_of_town(draft: Draft, index: int) -> int | None:
    """Behind the postcode, in the next part, before it, or in the part before."""
    places = [index + 1, index + 2, index] if not draft.left[index] else [index + 1, index]
    if not draft.left[index]:
        places.append(index - 1)
    for place in places:
        if 0 <= place < len(draft.left) and draft.left[place]:
            if place == index + 1 or not _is_street(draft, draft.left[place]):
                return place
            if place == index:
                return None
    return None


def _take_regions(draft: Draft, index: int) -> None:
    """Parts behind the town, while they are no street."""
    while index < len(draft.left) and draft.left[index]:
        part = draft.left[index]
        if _is_street(draft, part):
            return
        draft.left[index] = ""
        index += 1
        if not _region(draft, part.strip(_TOWN_EDGES), is_apart=True):
            draft.add("detail", part)


def _region(draft: Draft, told: str, *, is_apart: bool) -> bool:
    known = countries.regions(draft.country)
    if fold(told) in known:
        draft.found["region"] = known[fold(told)]
    elif is_apart and not known and "region" not in draft.found:
        draft.found["region"] = told
    elif is_apart and draft.country == "ES":
        draft.odd.add("region")
    else:
        return False
    return True


def _town(draft: Draft, part: str) -> None:
    """A town, with its region in brackets or behind it."""
    told = part.strip(" \t,;:-\u2013\u2014")
    in_brackets = _PARENS.search(told)
    if in_brackets and _region(draft, in_brackets[1].strip(), is_apart=True):
        told = told[: in_brackets.start()]
    parts = told.split()
    for count in range(min(4, len(parts) - 1), 0, -1):
        if _region(draft, " ".join(parts[-count:]).strip(_TOWN_EDGES), is_apart=False):
            parts = parts[:-count]
            break
    draft.found["city"] = " ".join(parts).strip(_TOWN_EDGES)


def _cut_town(draft: Draft, part: str) -> str:
    """Street, number and town in one breath: the town is what follows the last figure or door."""
    parts = part.split()
    last = max((n for n, word in enumerate(parts) if _is_door(word, draft)), default=-1)
    if 0 <= last < len(parts) - 1:
        _town(draft, " ".join(parts[last + 1 :]))
        return " ".join(parts[: last + 1])
    return part


def _is_door(word: str, draft: Draft) -> bool:
    told = plain(word)
    return any(c.isdigit() for c in told) or len(told) == 1 or told in draft.format.units


def _take_before(draft: Draft, index: int) -> None:
    """US and GB: town, region and postcode, then nothing more."""
    draft.add("detail", draft.left[index + 1])
    draft.left[index + 1] = ""
    place = _take_region_before(draft, index)
    if place is None:
        return
    if _is_street(draft, draft.left[place]):
        draft.left[place] = _cut_after_street(draft, draft.left[place])
    else:
        draft.found["city"], draft.left[place] = draft.left[place], ""


def _take_region_before(draft: Draft, index: int) -> int | None:
    """Where the town ends: in the part of the postcode, or in the one or two before."""
    for place in range(index, max(-1, index - 3), -1):
        draft.left[place] = _without_region(draft, place)
        if draft.left[place]:
            return place
    return None


def _without_region(draft: Draft, place: int) -> str:
    """A state or county at the end; the whole of it only where a town stands before it."""
    part = draft.left[place]
    parts = part.split()
    if "region" in draft.found:
        return part
    for count in range(min(3, len(parts)), 0, -1):
        told = " ".join(parts[-count:]).strip(_TOWN_EDGES)
        region = _region_named(draft.country, told)
        is_town = count == len(parts) and len(told) > 2 and not _has_town_before(draft, place)
        if region and not is_town:
            draft.found["region"] = region
            return " ".join(parts[:-count]).strip(_TOWN_EDGES)
    return part


def _region_named(country: str, told: str) -> str:
    if country == "GB":
        return told if fold(told) in COUNTIES else ""
    return countries.regions(country).get(fold(told).replace(".", ""), "")


def _has_town_before(draft: Draft, place: int) -> bool:
    return place > 1 and not _is_street(draft, draft.left[place - 1])


def _cut_after_street(draft: Draft, part: str) -> str:
    """The town follows the last word of the street, its direction and its door."""
    parts = part.split()
    found = [n for n, word in enumerate(parts) if n and is_street_word(plain(word), draft.format)]
    end = (found[-1] if found else len(parts)) + 1
    while end < len(parts) - 1 and plain(parts[end]) in DIRECTIONS:
        end += 1
    while end < len(parts) and (_is_door(parts[end], draft) or parts[end].startswith("#")):
        end += 1
    if end < len(parts):
        draft.found["city"] = " ".join(parts[end:]).strip(_TOWN_EDGES)
    return " ".join(parts[:end])
