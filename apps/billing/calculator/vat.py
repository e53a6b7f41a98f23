"""Spanish VAT on services to businesses: who is charged what."""

from decimal import Decimal
from typing import Final

from stdnum.eu import vat
from stdnum.exceptions import ValidationError

from apps.billing import choices
from apps.core.errors import DomainError

Treatment = choices.Vat.Treatment
SELLER_COUNTRY: Final = "ES"
STANDARD_RATE: Final = Decimal("21.00")
NO_RATE: Final = Decimal("0.00")
EU: Final = frozenset(
    (
        *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU"),
        *("IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"),
    )
)
# The prefix of a VAT number is the country's code, but for Greece.
PREFIXES: Final = {"GR": "EL"}
# Las Palmas, Tenerife, Ceuta, Melilla: Spanish, and outside the territory of Spanish VAT.
OUTSIDE_SPANISH_VAT: Final = ("35", "38", "51", "52")
RATES: Final = {
    Treatment.DOMESTIC: STANDARD_RATE,
    Treatment.REVERSE_CHARGE: NO_RATE,
    Treatment.EU_NO_NUMBER: STANDARD_RATE,
    Treatment.EXPORT: NO_RATE,
}


class InvalidVatNumber(DomainError):
    code = "invalid_vat_number"
    title = "The VAT number does not have the form of its country"
    status = 400


def checked_vat_number(country: str, number: str) -> str:
    """With its prefix and without blanks; outside the EU as it was written. Empty stays empty."""
    bare = "".join(number.split()).upper()
    if country not in EU or not bare:
        return bare
    prefix = PREFIXES.get(country, country)
    try:
        return str(vat.validate(bare if bare.startswith(prefix) else prefix + bare))
    except ValidationError:
        raise InvalidVatNumber(country=country) from None


def treatment_of(country: str, postcode: str, vat_number: str) -> choices.Vat.Treatment:
    """`vat_number` has been checked: only its being there counts."""
    if country == SELLER_COUNTRY:
        away = postcode.strip().startswith(OUTSIDE_SPANISH_VAT)
        return Treatment.EXPORT if away else Treatment.DOMESTIC
    if country not in EU:
        return Treatment.EXPORT
    return Treatment.REVERSE_CHARGE if vat_number else Treatment.EU_NO_NUMBER


def rate_of(vat_class: str, treatment: str) -> Decimal:
    outside = vat_class == choices.Vat.Class.OUTSIDE
    return NO_RATE if outside else RATES[Treatment(treatment)]
