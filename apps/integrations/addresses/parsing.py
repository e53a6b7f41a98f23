"""The deterministic reader: no network, no model, the same answer for the same text."""

from apps.integrations.addresses import choices
from apps.integrations.addresses.checking import worth_a_look
from apps.integrations.addresses.cleaning import clean
from apps.integrations.addresses.dtos import MOST_OF_A_FIELD, ParsedAddress, Suggestion
from apps.integrations.addresses.parts import (
    Draft,
    guessed,
    split,
    take_box,
    take_care_of,
    take_country,
)
from apps.integrations.addresses.streets import take_street
from apps.integrations.addresses.towns import take_postcode_and_town


def parse(text: str, hint: str = "") -> Suggestion:
    """Never fails: what cannot be read is empty, and named in `look_at`. `hint` is a country."""
    parts = split(clean(text))
    draft = Draft(parts)
    take_country(draft, hint)
    take_care_of(draft)
    take_box(draft)
    take_postcode_and_town(draft)
    take_street(draft)
    address = ParsedAddress(
        country=draft.country,
        **{name: told[:MOST_OF_A_FIELD] for name, told in draft.found.items()},
    )
    address, odd = worth_a_look(address)
    if not draft.is_country_sure and guessed(parts) == "":
        odd |= {"country"}
    return Suggestion(address, choices.Source.PARSER, in_order(odd | draft.odd))


def in_order(names: set[str]) -> tuple[str, ...]:
    return tuple(name for name in ParsedAddress.__slots__ if name in names)
