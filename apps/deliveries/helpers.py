"""Regions that a price holds for."""

import re
from collections.abc import Iterable, Mapping

from django.core.exceptions import ValidationError

EVERYWHERE = "*"
_EU = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
ZONES: Mapping[str, frozenset[str]] = {"EU": frozenset(_EU.split())}
_REGION = re.compile(r"\*|[A-Z]{2}|[A-Z]{2}-[0-9A-Z]{1,8}")


def validate_regions(regions: object) -> None:
    """A list of `*`, a zone (EU), a country (ES), or a country with a postcode prefix (ES-07)."""
    if not isinstance(regions, list) or not regions:
        raise ValidationError("give a list of at least one region")
    for region in regions:
        if not isinstance(region, str) or not _REGION.fullmatch(region):
            raise ValidationError(f"{region!r} is no region: use *, EU, ES or ES-07")


def specificity(regions: Iterable[str], country: str, postcode: str) -> int | None:
    """How closely the best of `regions` fits; None when none fits, more is closer."""
    fits = [_fit(region, country, postcode) for region in regions]
    return max((fit for fit in fits if fit is not None), default=None)


def _fit(region: str, country: str, postcode: str) -> int | None:
    if region == EVERYWHERE:
        return 0
    if region in ZONES:
        return 1 if country in ZONES[region] else None
    wanted, _, prefix = region.partition("-")
    bare = "".join(postcode.split()).upper()
    if wanted == country and bare.startswith(prefix):
        return 2 + len(prefix)
    return None
