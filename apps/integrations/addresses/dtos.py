"""An address in parts, as it was written: only postcode, region and country are put in order."""

from dataclasses import asdict, dataclass, fields

from apps.integrations.addresses import choices

MOST = 500
MOST_OF_A_FIELD = 100


@dataclass(frozen=True, slots=True)
class ParsedAddress:
    """Empty strings for what is not there.

    `recipient` is the line of a name, a company or "c/o"; `detail` whatever narrows the place down
    (floor, door, building, village). `region` is the code where carriers ask for one (US, IT), the
    province in ES, else as it was written. `country` is ISO 3166-1 alpha-2.
    """

    recipient: str = ""
    street: str = ""
    number: str = ""
    detail: str = ""
    postcode: str = ""
    city: str = ""
    region: str = ""
    country: str = ""

    def as_json(self) -> dict[str, str]:
        return asdict(self)


FIELDS = tuple(each.name for each in fields(ParsedAddress))


@dataclass(frozen=True, slots=True)
class Suggestion:
    """For a person to confirm; `look_at` names the fields that are missing, guessed or odd."""

    address: ParsedAddress
    source: choices.Source
    look_at: tuple[str, ...] = ()

    @property
    def is_unsure(self) -> bool:
        return bool(self.look_at)
