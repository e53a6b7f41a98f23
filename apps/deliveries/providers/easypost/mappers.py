"""LabelRequest to EasyPost's shipment, and its shipments and trackers to ours: pure."""

import json
import math
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from apps.core.money import Money
from apps.deliveries.dtos import LabelRequest, ParcelNews, TrackingUpdate
from apps.deliveries.providers.base import ProviderRefused, ProviderUnavailable, event_hash
from apps.deliveries.providers.easypost import choices
from apps.integrations.dtos import Address

GRAMS_IN_AN_OUNCE = Decimal("28.349523125")
# A name or a street is printed on the label: longer ones are refused by most carriers.
LONGEST = 35


def shipment(request: LabelRequest, carrier_account: str) -> dict[str, Any]:
    made = _travelling(request.sender, request.recipient, request.weight_grams, carrier_account)
    options = {"label_format": "PDF", "print_custom_1": request.return_number}
    return {"shipment": {**made, "reference": request.reference, "options": options}}


def question(sender: Address, recipient: Address, grams: int, carrier_account: str) -> Any:
    return {"shipment": _travelling(sender, recipient, grams, carrier_account)}


def _travelling(sender: Address, recipient: Address, grams: int, account: str) -> dict[str, Any]:
    """EasyPost turns the addresses of a return round: they are those of the way out."""
    made = {
        "to_address": _address(sender),
        "from_address": _address(recipient),
        "parcel": {"weight": ounces(grams)},
        "is_return": True,
    }
    return {**made, "carrier_accounts": [account]} if account else made


def _address(address: Address) -> dict[str, str]:
    return {
        "name": address.name[:LONGEST],
        "company": address.company[:LONGEST],
        "street1": address.street,
        "street2": address.street2,
        "city": address.city,
        "state": address.region,
        "zip": address.postcode,
        "country": address.country,
        "phone": address.phone.replace(" ", ""),
    }


def ounces(grams: int) -> int:
    """Rounded up, and never nothing."""
    return max(1, math.ceil(Decimal(grams) / GRAMS_IN_AN_OUNCE))


def rate_of(shipment: Any, service: str) -> str:
    """The id of the wanted service's rate, else of the cheapest. Raises ProviderRefused."""
    rates = [each for each in _rates(shipment) if service in ("", each["service"])]
    if not rates:
        raise ProviderRefused("no_rate", _complaint(shipment))
    return str(min(rates, key=lambda rate: Decimal(str(rate["rate"])))["id"])


def prices(shipment: Any) -> Mapping[str, Money]:
    """By carrier and service."""
    return {
        f"{rate['carrier']} {rate['service']}": Money.of(str(rate["rate"]), rate["currency"])
        for rate in _rates(shipment)
    }


def is_bought(shipment: Any) -> bool:
    return bool(_field(shipment, "postage_label"))


def is_void(shipment: Any) -> bool:
    return _field(shipment, "refund_status") in choices.VOID


def id_of(shipment: Any) -> str:
    return _text(_required(shipment, "id"))


def label_url(shipment: Any) -> str:
    label = _required(shipment, "postage_label")
    return _text(_field(label, "label_pdf_url") or _required(label, "label_url"))


def tracking_of(shipment: Any) -> tuple[str, str]:
    """Number and public page; only https is shown to anybody."""
    url = _field(_field(shipment, "tracker") or {}, "public_url") or ""
    number = _text(_required(shipment, "tracking_code"))
    return number, str(url) if str(url).startswith("https://") else ""


def updates(tracker: Any) -> tuple[TrackingUpdate, ...]:
    """Its scans, oldest first; a scan without a time is none."""
    number = str(_field(tracker, "tracking_code") or "")
    details = _field(tracker, "tracking_details") or []
    found = (_update(number, each) for each in details if isinstance(each, dict))
    return tuple(sorted(filter(None, found), key=lambda update: update.at))


def _update(number: str, detail: Mapping[str, Any]) -> TrackingUpdate | None:
    at = _time(detail.get("datetime"))
    if at is None:
        return None
    status = str(detail.get("status") or "")
    place = detail.get("tracking_location")
    place = place if isinstance(place, dict) else {}
    city, country = str(place.get("city") or ""), str(place.get("country") or "")
    return TrackingUpdate(
        external_id=event_hash(number, status, at.isoformat(), city),
        kind=choices.KINDS.get(status, choices.Kind.UNKNOWN),
        at=at,
        raw_code=str(detail.get("carrier_code") or status),
        description=str(detail.get("message") or ""),
        place=", ".join(filter(None, (city, country))),
        tracking_number=number,
    )


def news(event: Any) -> ParcelNews | None:
    """What an event tells of a parcel; None for events about anything else."""
    tracker = _field(event, "result")
    if not str(_field(event, "description") or "").startswith("tracker."):
        return None
    return ParcelNews(
        external_id=str(_field(tracker, "shipment_id") or ""),
        tracking_number=str(_field(tracker, "tracking_code") or ""),
        updates=updates(tracker),
    )


def event_of(body: bytes) -> Mapping[str, Any] | None:
    """None for a body that is no event."""
    try:
        event = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return event if isinstance(event, dict) and event.get("id") else None


def _rates(shipment: Any) -> Iterable[Any]:
    rates = _required(shipment, "rates")
    try:
        return [rate for rate in rates if rate["id"] and Decimal(str(rate["rate"])) >= 0]
    except (ArithmeticError, KeyError, TypeError) as error:
        raise ProviderUnavailable("rates") from error


def _complaint(shipment: Any) -> str:
    told = _field(shipment, "messages") or []
    return "; ".join(str(_field(each, "message") or "") for each in told)


def _required(body: Any, name: str) -> Any:
    """Raises ProviderUnavailable: what came is not of the shape that was promised."""
    found = _field(body, name)
    if found is None:
        raise ProviderUnavailable(f"no {name}")
    return found


def _field(body: Any, name: str) -> Any:
    return body.get(name) if isinstance(body, dict) else None


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ProviderUnavailable("not a text")
    return value


def _time(value: Any) -> datetime | None:
    try:
        at = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
