"""What is missing, or does not fit the country."""

from dataclasses import replace

from apps.integrations.addresses import countries
from apps.integrations.addresses.dtos import ParsedAddress
from apps.integrations.addresses.formats import FORMATS
from apps.integrations.addresses.parts import has_street_word, is_box


def worth_a_look(address: ParsedAddress) -> tuple[ParsedAddress, set[str]]:
    """The address with the region that its postcode says, and the names of fields to look at."""
    told = address
    region = countries.region_of(told.country, told.postcode)
    if region and not told.region:
        told = replace(told, region=region)
    odd = {name for name in ("street", "postcode", "city", "country") if not getattr(told, name)}
    if told.postcode and not countries.is_postcode(told.country, told.postcode):
        odd.add("postcode")
    if not countries.agrees(told.country, told.postcode, told.region):
        odd |= {"postcode", "region"}
    if told.country not in FORMATS:
        odd |= {"street", "number", "city"}
    return told, odd | _odd_inside(told)


def _odd_inside(told: ParsedAddress) -> set[str]:
    """A town with figures, a street without a word of streets, a house without a number."""
    odd = set()
    if any(letter.isdigit() for letter in told.city):
        odd.add("city")
    if not _is_street_like(told.country, told.street):
        odd.add("street")
    if not told.number and not (told.country == "GB" and told.detail):
        odd.add("number")
    return odd


def _is_street_like(country: str, street: str) -> bool:
    """Compounds and unknown countries are not judged: any word may be a street there."""
    form = FORMATS.get(country)
    return form is None or bool(form.endings) or is_box(street) or has_street_word(street, form)
