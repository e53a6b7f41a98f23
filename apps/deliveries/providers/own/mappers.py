"""A LabelRequest as the words on the sheet; pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from apps.deliveries.dtos import LabelRequest, UnitLine
from apps.deliveries.providers.own import choices
from apps.integrations.dtos import Address


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands where on the page; `barcode` is Code 128, `qr` the link or the number."""

    merchant: str
    title: str
    instruction: str
    words: Mapping[str, str]
    sender: tuple[str, ...]
    recipient: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    parcel: str
    valid: str
    barcode: str
    qr: str
    link: str
    units: tuple[UnitLine, ...]
    number: str


def sheet(request: LabelRequest) -> Sheet:
    words = choices.WORDS.get(request.language[:2], choices.WORDS[choices.FALLBACK])
    title, instruction = choices.UPPER_HALF.get(request.method, choices.LABEL)
    return Sheet(
        merchant=request.merchant_name,
        title=words[title],
        instruction=words[instruction],
        words=words,
        sender=address_lines(request.sender),
        recipient=address_lines(request.recipient),
        facts=(
            (words["return"], request.return_number),
            (words["order"], request.order_number),
        ),
        parcel=words["parcel"].format(number=request.parcel_number, count=request.parcel_count),
        valid=words["valid"].format(date=request.expires_at.strftime("%Y-%m-%d")),
        barcode=request.return_number,
        qr=request.link or request.return_number,
        link=request.link,
        units=request.units,
        number=request.return_number,
    )


def address_lines(address: Address) -> tuple[str, ...]:
    """Name first, country last, as a post office reads it; empty lines are left out."""
    town = " ".join(filter(None, (address.postcode, address.city)))
    lines = (
        address.name,
        address.company if address.company != address.name else "",
        address.street,
        address.street2,
        town,
        address.region if address.region != address.city else "",
        address.country,
    )
    return tuple(line.strip() for line in lines if line.strip())
